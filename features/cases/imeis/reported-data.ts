import '#server-only'
import type { Instant } from '#lib/time.ts'
import { blindIndexes } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { writtenAlike } from '../contacts/rules.ts'
import type { Contact } from '../particulars/rules.ts'
import { OVER_STATES } from '../record/state-rules.ts'

/** Returns the cases among `ids`, with their numbers; in the caller's scope. */
export async function casesAmong(ids: readonly string[], tx: Tx = db) {
  if (ids.length === 0) return []
  const rows = await tx.case.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, number: true, state: true, submittedAt: true },
  })
  return rows.map(({ state, ...row }) => ({ ...row, active: !OVER_STATES.includes(state) }))
}

/** Returns the reports that came since then and are not over, with the phones in them; in the caller's scope. */
export const listReportedSince = (since: Instant, tx: Tx = db) =>
  tx.case.findMany({
    where: { submittedAt: { gte: since }, state: { notIn: [...OVER_STATES] }, imeis: { some: {} } },
    select: { id: true, incidentAt: true, submittedAt: true, imeis: { select: { key14: true } } },
    orderBy: [{ submittedAt: 'asc' }, { id: 'asc' }],
  })

/** Returns when a phone was first reported by a case that is not over; null for never. */
export async function findFirstReport(keys: readonly string[], tx: Tx = db): Promise<Instant | null> {
  const first = await tx.case.findFirst({
    where: { imeis: { some: { key14: { in: [...keys] } } }, state: { notIn: [...OVER_STATES] } },
    select: { submittedAt: true },
    orderBy: { submittedAt: 'asc' },
  })
  return first?.submittedAt ?? null
}

/** Tells whether one of these contacts is a case's own, without opening the case. */
export async function isCaseOf(caseId: string, contacts: readonly Contact[], tx: Tx = db): Promise<boolean> {
  const hashes = contacts.flatMap((one) => writtenAlike(one).flatMap((text) => blindIndexes('contact', text)))
  return (await tx.blindIndex.count({ where: { caseId, hash: { in: hashes } } })) > 0
}
