import '#server-only'
import { type Hearing, hearingEnd, isHeard, isReviewed } from '#features/disputes/sides/rules.ts'
import { holidays } from '#features/lookup-tables/data.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { findOpposingCases } from '../claims/data.ts'
import { opened, type ReportedParticulars } from '../particulars/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

/** The objections that wait for a decision, and those for which the block was lifted while that is reviewed. */
const weighed = (caseId: string) => ({
  againstId: caseId,
  OR: [{ waiting: true }, { state: 'granted', hearingUntil: { not: null } } as const],
})

/**
 * Returns the ids of the objections to a case's block that a decision on it weighs. Their evidence is sealed under keys of these
 * ids.
 */
export async function listObjectionsAgainst(caseId: string, tx: Tx = db): Promise<string[]> {
  const where = weighed(caseId)
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select: { id: true } })
  return rows.map(({ id }) => id)
}

export async function readObjectionKeys(tx: Tx, caseId: string): Promise<CaseKey[]> {
  const where = weighed(caseId)
  const select = { id: true, key: { select: WRAPPED_KEY } }
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select })
  return rows.map(({ id, key }) => unwrap(id, key))
}

const readHoldersHearings = (caseId: string, tx: Tx = db): Promise<Hearing[]> =>
  tx.objection.findMany({
    where: { againstId: caseId, state: 'granted' },
    select: { hearingUntil: true, answeredAt: true },
  })

/** Returns the holders whose objection to a case's block waits for a decision, each with contact, language and key. */
export async function listHolders(tx: Tx, caseId: string) {
  const where = { againstId: caseId, waiting: true }
  const select = { id: true, number: true, locale: true, sealed: true, key: { select: WRAPPED_KEY } }
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select })
  return rows.map(({ id, number, locale, sealed, key: wrapped }) => {
    const key = unwrap(id, wrapped)
    const { contact: to } = opened(unseal<ReportedParticulars>(key, 'objection', sealed))
    return { key, number, locale, to }
  })
}

/** Returns until when a side that is told or asked now may answer before police decide; null if no time is given. */
export const hearingUntil = async (asked: Instant, tx?: Tx): Promise<Instant | null> =>
  hearingEnd(asked, env().OBJECTION_HEARING_DAYS, await holidays(tx))

/** Returns the hearing of a case's reporter on the objection of the phone's holder. */
export const readReporterHearing = async (
  c: Pick<CaseSnapshot, 'objectedAt' | 'objectionAnsweredAt'>,
  tx?: Tx,
): Promise<Hearing> => ({
  hearingUntil: c.objectedAt && (await hearingUntil(c.objectedAt, tx)),
  answeredAt: c.objectionAnsweredAt,
})

/**
 * Tells whether every side of the dispute that a case waits for was heard: in a conflict each claim, in the review of a lifted
 * block the holder, and for an objection to a block the reporter.
 */
export async function isEverySideHeard(
  c: CaseSnapshot,
  keys: readonly string[],
  now: Instant,
  tx?: Tx,
): Promise<boolean> {
  const heard = (side: Hearing) => isHeard(side, now)
  if (c.held === 'conflict') return [c, ...(await findOpposingCases(tx ?? db, c.id, keys, true))].every(heard)
  if (!isReviewed(c)) return heard(await readReporterHearing(c, tx))
  // A holder who has not been told yet was not heard.
  const holders = await readHoldersHearings(c.id, tx)
  return holders.every((side) => side.hearingUntil !== null && heard(side))
}
