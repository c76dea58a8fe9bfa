import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, answer, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, HOUR, type Instant, MINUTE } from '#lib/time.ts'
import { CsvFailure, type CsvFault, csvRows } from '#platform/csv.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { keyFor } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { findBookHead, lockCarrier } from '../carriers/data.ts'
import { waitsForSealing } from '../issuing/acts.ts'
import {
  addListed,
  findReconciliation,
  findRepairAsker,
  forgetListed,
  type Reconciliation,
  reaches,
  saveReconciliation,
} from './data.ts'
import { imeiColumn, MAX_LIST_ROWS, REPAIRABLE, readListed } from './rules.ts'

export type ListFault = CsvFault | 'forbidden' | 'beyond_head' | 'busy' | 'too_large' | 'no_imei'

interface SentList {
  readonly carrierId: string
  /** The sequence up to which this list reflects the carrier's book; null: the end of the book. */
  readonly atSeq: number | null
  readonly content: AsyncIterable<Uint8Array>
  /** Returns, once `content` has ended, whether it was complete. */
  readonly isWhole: () => boolean
  /** The form's key, from which the reconciliation's id is made: the same form sent again within minutes gives the same id. */
  readonly submitKey?: string
}

const KEYS_AT_ONCE = 5_000
/** An upload that began longer ago than this was abandoned. */
const ABANDONED_AFTER = HOUR
/** Milliseconds within which a form that is sent again means the same list; later it is another one. */
const SENT_AGAIN = 5 * MINUTE

/**
 * Receives a carrier's own list as a stream, from the carrier or from staff, with a few thousand rows in memory. A faulty list
 * leaves no rows. Returns the reconciliation's id; the worker compares later.
 */
export async function receiveList(
  actor: Actor,
  list: SentList,
  now: Instant,
): Promise<Result<string, ListFault>> {
  const { carrierId } = list
  if (!reaches(actor, carrierId)) return err('forbidden')
  const head = await findBookHead(carrierId)
  const atSeq = list.atSeq ?? head
  if (atSeq > head) return err('beyond_head')
  const uploadedById = actor.kind === 'staff' ? actor.id : null
  const named = list.submitKey && uploadedById && keyFor(list.submitKey, uploadedById, carrierId)
  const earlier = named ? await findReconciliation(named) : null
  const isLeft =
    earlier?.state === 'failed' || (earlier && addMilliseconds(earlier.uploadedAt, SENT_AGAIN) <= now)
  const id = named && !isLeft ? named : randomUUID()
  const opening = { id, carrierId, atSeq, uploadedById, uploadedAt: now }
  const opened = await transaction((tx) =>
    openReconciliation(tx, opening, addMilliseconds(now, -ABANDONED_AFTER)),
  )
  if (!opened) return (await findReconciliation(id)) ? ok(id) : err('busy')
  const read = await take(id, list).catch(async (error: unknown) => {
    await fail(id)
    throw error
  })
  if (!read.ok) {
    await fail(id)
    return read
  }
  await transaction(async (tx) => {
    await saveReconciliation(tx, id, { ...read.value, state: 'comparing' })
    await enqueue(tx, 'reconcile', { id })
    const subject = { kind: 'reconciliation', id } as const
    const facts = { carrier: carrierId, seq: atSeq, ...read.value }
    await audit(tx, { actor, act: 'reconciliation.received', subject, facts, at: now })
  })
  return ok(id)
}

/** Begins to receive a carrier's list; false while another one of the carrier is received or compared. */
async function openReconciliation(
  tx: Tx,
  one: { id: string; carrierId: string; atSeq: number; uploadedById: string | null; uploadedAt: Instant },
  abandoned: Instant,
): Promise<boolean> {
  // The process that received it has died.
  const ended = await tx.reconciliation.updateManyAndReturn({
    where: { carrierId: one.carrierId, state: 'receiving', uploadedAt: { lt: abandoned } },
    data: { state: 'failed' },
    select: { id: true },
  })
  for (const { id } of ended) await forgetListed(tx, id)
  const { count } = await tx.reconciliation.createMany({
    data: [{ ...one, state: 'receiving' }],
    skipDuplicates: true,
  })
  return count === 1
}

const fail = (id: string): Promise<void> =>
  transaction(async (tx) => {
    await forgetListed(tx, id)
    await saveReconciliation(tx, id, { state: 'failed' })
  })

async function take(
  id: string,
  { content, isWhole }: SentList,
): Promise<Result<{ phones: number; invalid: number }, ListFault>> {
  let [rows, phones, invalid] = [0, 0, 0]
  let keys: string[] = []
  let column: ReturnType<typeof imeiColumn> | null = null
  try {
    for await (const row of csvRows(content)) {
      if (column === null) {
        column = imeiColumn(row)
        if (column.headed) continue
      }
      if (++rows > MAX_LIST_ROWS) return err('too_many_rows')
      const key = readListed(row[column.at] ?? '')
      if (key === null) invalid++
      else keys.push(key)
      if (keys.length < KEYS_AT_ONCE) continue
      phones += await addListed(id, keys)
      keys = []
    }
  } catch (error) {
    if (error instanceof CsvFailure) return err(error.fault)
    throw error
  }
  if (!isWhole()) return err('too_large')
  if (keys.length > 0) phones += await addListed(id, keys)
  // An empty list means a lost register: it is accepted if it has a heading and no rows.
  if (column === null) return err('empty')
  return phones === 0 && invalid > 0 ? err('no_imei') : ok({ phones, invalid })
}

/**
 * Asks for new orders that repair the differences of a kind: missing phones are blocked again, extra ones are lifted again.
 * History stays as it is. A block among them goes through the guard like any other. Returns the carrier.
 */
export const askRepair = act({
  name: 'reconciliation.repair_asked',
  once: (actorId) => `reconciliation.repair:${actorId}`,
  permission: 'order:retry',
  stepUp: 'work',
  faults: 'reconciliation',
  page: ({ id, kind }, carrier) => ({
    pathname: '/admin/carriers/[carrier]/reconciliations/[reconciliation]',
    params: { carrier, reconciliation: id },
    query: { kind },
  }),
  input: z.object({ id: z.uuid('general.invalid'), kind: z.enum(REPAIRABLE, 'general.invalid') }),
  subject: {
    async lock(tx: Tx, { id }: { readonly id: string }) {
      const one = await findReconciliation(id, tx)
      if (!one) return refuse('not_found')
      await lockCarrier(tx, one.carrierId)
      const current = (await findReconciliation(id, tx)) ?? one
      return current.state === 'done' ? current : refuse('not_done')
    },
    entry: ({ id, carrierId }: Reconciliation) => ({
      subject: { kind: 'reconciliation', id },
      facts: { carrier: carrierId },
    }),
  },
  async run({ tx, subject: one, actor, input: { id, kind } }) {
    if (findRepairAsker(one, kind) !== null) return refuse('asked')
    if (kind === 'missing' && (await waitsForSealing(tx, 'block'))) return refuse('unsealed')
    const asked = kind === 'missing' ? { repairMissingById: actor.id } : { repairExtraById: actor.id }
    await saveReconciliation(tx, id, asked)
    await enqueue(tx, 'reconcile', { id })
    return answer(one.carrierId, { kind, orders: one[kind] })
  },
})
