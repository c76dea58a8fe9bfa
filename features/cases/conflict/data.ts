import '#server-only'
import type { ObjectionSnapshot } from '#features/disputes/objections/rules.ts'
import { type Hearing, hearingEnd, isHeard, isReviewed } from '#features/disputes/sides/rules.ts'
import { holidays } from '#features/lookup-tables/data.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { findOpposingCases } from '../claims/data.ts'
import { FINDING_ENDED } from '../moves/rules.ts'
import { opened, type ReportedParticulars } from '../particulars/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'

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

async function readHolders(tx: Tx, where: Prisma.ObjectionWhereInput) {
  const select = {
    ...{ id: true, number: true, againstId: true, locale: true, sealed: true },
    key: { select: WRAPPED_KEY },
  } as const
  const rows = await tx.objection.findMany({ where, orderBy: { id: 'asc' }, select })
  return rows.map(({ sealed, key: wrapped, ...row }) => {
    const key = unwrap(row.id, wrapped)
    return { ...row, key, holder: opened(unseal<ReportedParticulars>(key, 'objection', sealed)) }
  })
}

/** Returns the holders whose objection to a case's block waits for a decision, each with contact, language and key. */
export const listHolders = (tx: Tx, caseId: string) => readHolders(tx, { againstId: caseId, waiting: true })

/** Returns when an officer found a holder right on a case; null if none did, the finding fell, or another followed. */
async function readFindingTime(tx: Tx, caseId: string): Promise<Instant | null> {
  const last = await tx.caseEvent.findFirst({
    where: { caseId, move: { in: ['uphold_objection', 'verify_unblock', ...FINDING_ENDED] } },
    orderBy: { seq: 'desc' },
    select: { at: true, move: true },
  })
  return last?.move === 'uphold_objection' ? last.at : null
}

/**
 * Checks whether the finding for a holder on a case is about this objection. Finding and move were written in one transaction,
 * at the same time.
 */
export async function wasFoundRight(tx: Tx, caseId: string, objectionId: string): Promise<boolean> {
  const at = await readFindingTime(tx, caseId)
  return (
    at !== null &&
    (await tx.objectionEvent.count({ where: { objectionId, move: 'uphold', at }, take: 1 })) > 0
  )
}

/**
 * Returns the holders who were found right about a phone and for whom its block is lifted, by any of its numbers. If two people
 * decided that the block was wrong, without a finding on one objection, the only holder who objected was found right; of several
 * it is unknown who. Those whose reporter has asked for a review are left out until it ends.
 */
export async function listHoldersFoundRight(tx: Tx, key14: string) {
  const against = { state: { notIn: [...ACTIVE_STATES] }, overturnedAt: { not: null } }
  const holders = await readHolders(tx, {
    ...{ state: 'granted', hearingUntil: null, against },
    OR: [{ key14 }, { against: { imeis: { some: { key14 } } } }],
  })
  const right = await Promise.all(
    holders.map(async ({ id, againstId }) => {
      if (againstId === null) return false
      const isOnly = holders.filter((one) => one.againstId === againstId).length === 1
      return (isOnly && (await readFindingTime(tx, againstId)) === null) || wasFoundRight(tx, againstId, id)
    }),
  )
  return holders.filter((_, at) => right[at])
}

/** Returns until when a side that is told or asked now may answer before police decide; null if no time is given. */
export const hearingUntil = async (asked: Instant, tx?: Tx): Promise<Instant | null> =>
  hearingEnd(asked, env().OBJECTION_HEARING_DAYS, await holidays(tx))

/** Returns the hearing of a case's reporter on the newest objection to its block. */
export const readReporterHearing = async (
  c: Pick<CaseSnapshot, 'objectedAt' | 'objectionAnsweredAt'>,
  tx?: Tx,
): Promise<Hearing> => ({
  hearingUntil: c.objectedAt && (await hearingUntil(c.objectedAt, tx)),
  answeredAt: c.objectionAnsweredAt,
})

/** When an objection was sent, and sent again for a renewed look. */
export type SentObjection = Pick<ObjectionSnapshot, 'sentAt' | 'renewedAt'>

/**
 * Returns the hearing of a case's reporter on one objection. A later objection neither extends it nor takes an earlier answer
 * away. The reporter was told in the transaction that sent the objection, at the same time; of one that followed its block to
 * this case, later.
 */
export async function readHearingOn(
  c: Pick<CaseSnapshot, 'id' | 'objectedAt' | 'objectionAnsweredAt'>,
  { sentAt, renewedAt }: SentObjection,
  tx: Tx = db,
): Promise<Hearing> {
  const at = renewedAt ?? sentAt
  const told =
    at && (await tx.caseEvent.count({ where: { caseId: c.id, move: 'objected', at }, take: 1 })) > 0
  if (!told || c.objectedAt === null) return readReporterHearing(c, tx)
  const answered = await tx.caseEvent.findFirst({
    where: { caseId: c.id, move: 'answer_objection', actorKind: 'citizen', at: { gte: at } },
    select: { at: true },
  })
  return { hearingUntil: await hearingUntil(at, tx), answeredAt: answered?.at ?? null }
}

/**
 * Tells whether every side of the dispute that a case waits for was heard: in a conflict each claim, in the review of a lifted
 * block the holder, and for an objection to a block the reporter: on this objection, or on the newest.
 */
export async function isEverySideHeard(
  c: CaseSnapshot,
  keys: readonly string[],
  now: Instant,
  tx?: Tx,
  objection?: SentObjection,
): Promise<boolean> {
  const heard = (side: Hearing) => isHeard(side, now)
  if (c.held === 'conflict') return [c, ...(await findOpposingCases(tx ?? db, c.id, keys, true))].every(heard)
  if (!isReviewed(c))
    return heard(objection ? await readHearingOn(c, objection, tx) : await readReporterHearing(c, tx))
  // A holder who has not been told yet was not heard.
  const holders = await readHoldersHearings(c.id, tx)
  return holders.every((side) => side.hearingUntil !== null && heard(side))
}
