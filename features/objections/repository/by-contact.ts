import '#server-only'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import type { ObjectionNumber } from '../rules/number.ts'
import type { ObjectionState } from '../rules/state.ts'

/** The most objections that are offered to a contact. */
const OFFERED = 20

/** An objection, sent or not, as its contact is offered it. */
export interface KeptObjection {
  readonly id: string
  readonly number: ObjectionNumber
  readonly state: ObjectionState
  readonly imei: string
  readonly createdAt: Instant
  readonly sentAt: Instant | null
  /** When a draft is deleted. */
  readonly dueAt: Instant
}

/** Returns what a contact has sent, and its drafts that it has confirmed, the newest first. */
export async function findByContact(
  tx: Tx,
  contactHash: Uint8Array<ArrayBuffer>,
  now: Instant,
): Promise<readonly KeptObjection[]> {
  const rows = await tx.objection.findMany({
    where: { contactHash, OR: [{ state: { not: 'draft' } }, { dueAt: { gt: now } }] },
    select: { id: true, number: true, state: true, imei: true, createdAt: true, sentAt: true, dueAt: true },
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    take: OFFERED,
  })
  return rows.map(({ number, ...row }) => ({ ...row, number: number as ObjectionNumber }))
}
