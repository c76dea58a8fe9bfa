import '#server-only'
import { lockServingShared } from '#features/accounts/police-data.ts'
import { lockPlaces } from '#features/areas/acts.ts'
import { answeringUnit } from '#features/areas/rules.ts'
import { type OpenedProof, openedProof } from '#features/disclosures/openings/data.ts'
import { listEvidenceKinds } from '#features/evidence/files/page-data.ts'
import type { Actor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { widenScope } from '#platform/scope.ts'
import { findReportedAnew, lockClaims, readRivalStanding } from '../claims/data.ts'
import { listObjectionsAgainst } from '../conflict/data.ts'
import { hasDecidedBeforeReview, judgedOther } from '../deciders/data.ts'
import { listDecisionsMade, listServedLetters } from '../letters/data.ts'
import type { CaseFile, NumberOfCase } from '../particulars/data.ts'
import { listLastFoundBy } from '../proof/data.ts'
import {
  answerable,
  foundOn,
  type GivenCheck,
  IMEI_CHECKS,
  imeiChecksOf,
  type JudgedProof,
  restsOnProof,
  wholeCheck,
} from '../proof/rules.ts'
import { lockCase, readStatedPhone } from '../record/data.ts'
import { type CaseSnapshot, weighsObjections } from '../record/snapshot-rules.ts'
import { type Move, needs, ruleOf } from './rules.ts'
import type { MoveRequest } from './transition-rules.ts'
import type { CaseMove } from './write-acts.ts'

// Facts that the rule of a move needs and that are not in the case's snapshot.

interface Judged extends JudgedProof {
  readonly openedAt: Instant | null
}

/**
 * Returns the evidence that a person's move rests on, locked until the transaction ends; null for other moves. For a contested
 * block it includes the holder's evidence: no unblock is decided on one side's word.
 */
export async function judgedProof(
  tx: Tx,
  c: CaseSnapshot,
  actor: Actor,
  imeis: readonly NumberOfCase[],
  { move, check: given = {}, about }: Pick<CaseMove, 'move' | 'check' | 'about'>,
): Promise<Judged | null> {
  if (actor.kind !== 'staff' || !restsOnProof(move, c)) return null
  // A file comes with a move, and a move locks the case first. The same order here prevents deadlocks.
  await lockCase(tx, c.id)
  const ids = [c.id, ...(weighsObjections(c) ? await listObjectionsAgainst(c.id, tx) : [])]
  const opened: (OpenedProof | null)[] = []
  for (const id of ids) opened.push(await openedProof(tx, actor.id, id))
  const times = opened.flatMap((one) => (one?.openedAt ? [one.openedAt.getTime()] : []))
  const seen = times.length === ids.length
  const { imeiChecks, check } = about
    ? checkOfOne(imeis, about, given)
    : { imeiChecks: imeiChecksOf(move, imeis), check: given }
  const { brand, model, colour } = await readStatedPhone(c.id, tx)
  const can = answerable(imeiChecks, await listEvidenceKinds(tx, ids), [brand, model, colour].some(Boolean))
  const openedAt = seen ? new Date(Math.max(...times)) : null
  return { files: opened[0]?.files ?? 0, seen, check, can, openedAt }
}

function checkOfOne(imeis: readonly NumberOfCase[], about: string, { checkImei1, ...given }: GivenCheck) {
  const field = IMEI_CHECKS[imeis.findIndex(({ imei }) => imei === about)]
  return { imeiChecks: field ? [field] : [], check: field ? { ...given, [field]: checkImei1 } : given }
}

/**
 * Returns the numbers that both the second person and the first found on the evidence; undefined for a move that is no second
 * agreement.
 */
export async function agreedImeis(
  tx: Tx,
  c: CaseSnapshot,
  move: Move,
  imeis: readonly NumberOfCase[],
  proof: Judged | null,
): Promise<string[] | undefined> {
  const { agreesOn, form } = ruleOf(move)
  if (!agreesOn || !proof) return undefined
  const first = form && 'agreesWith' in form ? form.agreesWith?.(c).id : null
  const theirs = first ? await listLastFoundBy(tx, c.id, first, agreesOn) : []
  return foundOn(wholeCheck(proof.check, proof.can.imeiChecks, imeis)).filter((key) => theirs.includes(key))
}

/**
 * Checks whether a case is still the version that the actor saw. For a citizen, changes by carriers and clocks do not count: they
 * come while the citizen writes, and the rules decide whether the act is still possible.
 */
export async function isAsSeen(tx: Tx, c: CaseSnapshot, seen: number | null, actor: Actor): Promise<boolean> {
  if (seen === null || seen === c.version) return true
  return actor.kind === 'citizen' && (await countSystemEventsSince(tx, c.id, seen)) === c.version - seen
}

const countSystemEventsSince = (tx: Tx, caseId: string, since: number): Promise<number> =>
  tx.caseEvent.count({ where: { caseId, seq: { gt: since }, actorKind: { in: ['carrier', 'system'] } } })

/**
 * Returns what other claims on the phone mean for a move whose rule asks: whether one is proven, and whether one has the phone
 * blocked. Locks them all.
 */
export async function rivalFacts(tx: Tx, move: Move, { id }: CaseSnapshot, keys: readonly string[]) {
  if (!needs(move, 'rivals')) return {}
  await widenScope(tx, systemScope())
  await lockClaims(tx, id, keys)
  return readRivalStanding(tx, id, keys)
}

export async function hasHadPart(tx: Tx, c: CaseSnapshot, keys: readonly string[], accountId: string) {
  if (await hasDecidedBeforeReview(c, accountId, tx)) return true
  await widenScope(tx, systemScope())
  return judgedOther(tx, c.id, keys, accountId)
}

/**
 * Returns the unit responsible for a case in the edition in force, and whether its officer still serves there. Closed cases did
 * not move with the edition.
 */
export async function unitNow(
  tx: Tx,
  { areaId, unitId, assigneeId }: CaseSnapshot,
  place: string,
): Promise<NonNullable<MoveRequest['unit']>> {
  await widenScope(tx, systemScope())
  const { map, units } = await lockPlaces(tx)
  const id = units.get(unitId)?.inForce ? unitId : answeringUnit(map, { areaId, unitId, place })
  return { id, keepsAssignee: assigneeId !== null && (await lockServingShared(tx, assigneeId, id)) }
}

/**
 * Checks whether the person of a closed case has reported the phone again. A report sent at this moment waits until the
 * transaction ends and is then led to the reopened case.
 */
export async function hasReportedAnew(tx: Tx, file: CaseFile, keys: readonly string[], now: Instant) {
  await widenScope(tx, systemScope())
  return (await findReportedAnew(file, keys, now, tx)) !== null
}

/** Returns the first decision of a case, except its expiry, that no message or letter has told of; null if there is none. */
export async function untoldButEnd(tx: Tx, { id, unheardSeq }: CaseSnapshot): Promise<number | null> {
  if (unheardSeq === null) return null
  const served = (await listServedLetters(id, tx)).map(({ decisionSeq }) => decisionSeq)
  const untold = (await listDecisionsMade(id, tx)).filter(
    ({ seq, move }) => seq >= unheardSeq && move !== 'expire' && !served.includes(seq),
  )
  return untold[0]?.seq ?? null
}
