import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { tellOwner } from '#features/accounts/preferences/acts.ts'
import { act, answer, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { openLeads } from '#features/recovery/leads-acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { readImeiList } from '#lib/imei/list.ts'
import { parseNationalId } from '#lib/person/national-id.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { counterFor } from '#platform/rate-limits/commands.ts'
import { countAndFindList } from '../acts.ts'
import { inWatches } from '../watches/data.ts'
import { type BookedPhone, bookOf, boughtAndReported } from './data.ts'

const holdsNationalId = (text: string, now: Instant): boolean =>
  (text.match(/\d(?:[ .-]?\d)*/g) ?? []).some(
    (digits) => parseNationalId('cccd', digits.replace(/\D/g, ''), now).ok,
  )

const ofOwn = (id: string) => ({ subject: { kind: 'account', id } }) as const

export const writeInBook = act({
  name: 'check.booked',
  permission: 'imei:check_list',
  faults: 'shop',
  page: (_, reported) => ({
    pathname: '/admin/shop/book',
    query: { done: reported === '0' ? 'written' : 'reported' },
  }),
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
    if (holdsNationalId(paper, now)) return refuse('book_person', 'paper')
    const list = readImeiList([imeis])
    if (!list.ok) return refuse(`book_${list.error}`, 'imeis')
    const wrong = list.value.findIndex(({ read }) => !read.ok)
    if (wrong >= 0) {
      const written = list.value[wrong]?.written ?? ''
      return refuse('book_line', 'imeis', { line: wrong + 1, written })
    }
    const phones = new Map(
      list.value.flatMap(({ read }) => (read.ok ? [[read.value.key, read.value.imei]] : [])),
    )
    const counter = counterFor('shop_account', actor.id, now)
    const keys14 = [...phones.keys()]
    const { allowed, remaining, reported } = await countAndFindList(tx, { keys14, counter, now })
    if (!allowed) return refuse('book_too_often', 'imeis', { remaining })
    await tx.bookedPhone.createMany({
      data: [...phones].map(([key, imei]) => ({
        ...{ id: randomUUID(), accountId: actor.id, kind, imei, paper, at: now },
        reported: reported.includes(key),
      })),
    })
    await openLeads(tx, actor, reported, now)
    return answer(reported.length, { kind, phones: phones.size, reported: reported.length })
  },
})

const PAGE = 1_000

/**
 * Returns a shop's whole book for an inspection, the newest lines first, and audits it. Each phone counts as a check; phones
 * beyond the daily limit come without a current check result.
 */
export async function takeBook(
  actor: StaffActor,
  now: Instant,
): Promise<Result<AsyncGenerator<readonly BookedPhone[]>, 'forbidden'>> {
  if (!may(actor.role, 'book:take')) return err('forbidden')
  const counted = await inWatches(() =>
    transaction(async (tx) => {
      const counter = counterFor('shop_account', actor.id, now)
      // The phones entered last, as many as the day's limit.
      const rows = await tx.$queryRaw<{ key: string }[]>`
        SELECT left(imei, 14) AS key FROM booked_phones WHERE account_id = ${actor.id}::uuid
        GROUP BY 1 ORDER BY max(at) DESC, 1 LIMIT ${counter.amount}`
      const keys = rows.map(({ key }) => key)
      const lines = await tx.bookedPhone.count({ where: { accountId: actor.id } })
      let checked = await countAndFindList(tx, { keys14: keys, counter, now })
      // The rest of the day's limit goes to the phones entered last.
      while (!checked.allowed && keys.length > 0) {
        keys.length = Math.max(0, checked.remaining)
        checked = await countAndFindList(tx, { keys14: keys, counter, now })
      }
      const facts = { lines, phones: keys.length, reported: checked.reported.length }
      await audit(tx, { actor, act: 'check.book_taken', ...ofOwn(actor.id), facts, at: now })
      return new Set(keys)
    }),
  )
  return ok(linesOf(actor, counted))
}

async function* linesOf(
  actor: StaffActor,
  counted: ReadonlySet<string>,
): AsyncGenerator<readonly BookedPhone[]> {
  for (let last: BookedPhone | undefined; ; ) {
    const lines = await bookOf(actor, PAGE, last)
    yield lines.map((line) => (counted.has(line.imei.slice(0, 14)) ? line : { ...line, reportedNow: null }))
    last = lines.at(-1)
    if (lines.length < PAGE) return
  }
}

const BATCH = 200

/** Mails each shop once when a phone that it bought in the last 30 days is reported. Returns the number of lines. */
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
