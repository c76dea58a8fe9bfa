import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { tellOwner } from '#features/accounts/preferences/acts.ts'
import { act, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { openLeads } from '#features/recovery/leads-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { readImeiList } from '#lib/imei/list.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { counterFor } from '#platform/rate-limits/commands.ts'
import { countAndFindList } from '../acts.ts'
import { inWatches } from '../watches/data.ts'
import { type BookedPhone, bookOf, boughtAndReported } from './data.ts'

const ofOwn = (id: string) => ({ subject: { kind: 'account', id } }) as const

/** Writes phones that a shop has bought or sold into its book, with what the public check says of each at this minute. */
export const writeInBook = act({
  name: 'check.booked',
  permission: 'imei:check_list',
  faults: 'shop',
  page: () => ({ pathname: '/admin/shop/book', query: { done: 'written' } }),
  input: z.object({
    booked: z.enum(['bought', 'sold'], 'shop.book_kind'),
    imeis: z.string('general.invalid').max(50_000, 'shop.too_many').default(''),
    paper: z.string('general.invalid').trim().max(100, 'shop.book_paper').default(''),
  }),
  subject: {
    lock: async (_tx: Tx, _input: object, actor: StaffActor) => actor,
    entry: ({ id }: StaffActor) => ofOwn(id),
  },
  async run({ tx, actor, input: { booked: kind, imeis, paper }, now }) {
    const list = readImeiList([imeis])
    if (!list.ok) return refuse(list.error, 'imeis')
    const phones = new Map(
      list.value.flatMap(({ read }) => (read.ok ? [[read.value.key, read.value.imei]] : [])),
    )
    if (list.value.some(({ read }) => !read.ok)) return refuse('book_line', 'imeis')
    const counter = counterFor('shop_account', actor.id, now)
    const { allowed, reported } = await countAndFindList(tx, { keys14: [...phones.keys()], counter, now })
    if (!allowed) return refuse('book_too_often', 'imeis')
    await tx.bookedPhone.createMany({
      data: [...phones].map(([key, imei]) => ({
        ...{ id: randomUUID(), accountId: actor.id, kind, imei, paper, at: now },
        reported: reported.includes(key),
      })),
    })
    await openLeads(tx, actor, reported, now)
    return { kind, phones: phones.size, reported: reported.length }
  },
})

/** The most lines that are taken away at once: a busy shop's year. */
const WHOLE_BOOK = 100_000

/** Returns a shop's whole book, to be shown at an inspection; that it was taken is written down. */
export async function takeBook(actor: StaffActor, now: Instant): Promise<readonly BookedPhone[]> {
  const lines = await bookOf(actor, WHOLE_BOOK)
  await transaction((tx) =>
    audit(tx, {
      actor,
      act: 'check.book_taken',
      ...ofOwn(actor.id),
      facts: { lines: lines.length },
      at: now,
    }),
  )
  return lines
}

const BATCH = 200

/** Tells shops once, by mail, that a phone which they bought in the last 30 days is reported now. Answers how many lines. */
export const tellShops = (now: Instant): Promise<number> =>
  inWatches(() =>
    transaction(async (tx) => {
      const lines = await boughtAndReported(tx, now, BATCH)
      const ids = lines.map(({ id }) => id)
      await tx.bookedPhone.updateMany({ where: { id: { in: ids } }, data: { toldAt: now } })
      for (const accountId of new Set(lines.map((one) => one.accountId)))
        await tellOwner(tx, accountId, 'bought_reported')
      return lines.length
    }),
  )
