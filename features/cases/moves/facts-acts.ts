import '#server-only'
import { lockServingShared } from '#features/accounts/police-data.ts'
import { lockPlaces } from '#features/areas/data.ts'
import { answeringUnit } from '#features/areas/rules.ts'
import { type OpenedProof, openedProof } from '#features/disclosures/openings/data.ts'
import { listEvidenceKinds } from '#features/evidence/files/page-data.ts'
import { ordersSettled } from '#features/exchange/case-orders/data.ts'
import { hasUnreleased } from '#features/exchange/questions/data.ts'
import type { Actor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { widenScope } from '#platform/scope.ts'
import { findReportedAnew, lockClaims, readRivalStanding } from '../claims/data.ts'
import { hearingUntil, isEverySideHeard, listObjectionsAgainst } from '../conflict/data.ts'
import { foundBlockRight, hasDecidedBeforeReview, judgedOther, wroteDown } from '../deciders/data.ts'
import { sentBackIn } from '../decisions/rules.ts'
import { listDecisionsMade, listServedLetters } from '../letters/data.ts'
import type { CaseFile, NumberOfCase } from '../particulars/data.ts'
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
import { type CaseState, stateOf } from '../record/state-rules.ts'
import {
  askedByCitizen,
  FINDING_ENDED,
  findUnblockGround,
  type Move,
  needs,
  ruleOf,
  UNBLOCK_ASKED,
} from './rules.ts'
import type { CasePart } from './spec-rules.ts'
import type { MoveRequest } from './transition-rules.ts'
import type { CaseMove } from './write-acts.ts'

interface MoveAsked {
  readonly c: CaseSnapshot
  readonly file: CaseFile
  /** Keys of the phones that the move concerns: the given ones if it sets IMEIs, otherwise those of the case. */
  readonly keys: readonly string[]
  readonly actor: Actor
  readonly input: CaseMove
  readonly now: Instant
}

/**
 * Reads the facts that the rule of a move needs and that are not in the case's snapshot. Locks the rival claims in one order,
 * before the case's own proof.
 */
export async function readMoveFacts(tx: Tx, { c, file, keys, actor, input, now }: MoveAsked) {
  const { move } = input
  const { notBy, hears } = ruleOf(move)
  const beside = await rivalFacts(tx, move, c, keys)
  const proof = await judgedProof(tx, c, actor, file.imeis, input)
  const agreed = await agreedImeis(tx, c, move, file.imeis, proof)
  const until = hears ? await hearingUntil(now, tx) : null
  const isBarred = async (bar: CasePart, has: (staffId: string) => Promise<boolean>) =>
    actor.kind === 'staff' && notBy.includes(bar) && (await has(actor.id))
  const closed = !stateOf(c.state).active
  const request: MoveRequest = {
    ...input,
    ...(proof && { proof }),
    ...beside,
    agreed,
    imeiStays: whyImeiStays(move, file.imeis, input.dropped),
    ...(needs(move, 'imeisWaiting') && { imeisWaiting: file.imeis.some((one) => !one.isPublic) }),
    decidedBefore: await isBarred('earlier_decider', (id) => hasDecidedBeforeReview(c, id, tx)),
    wroteDown: await isBarred('desk_writer', (id) => wroteDown(c.id, id, tx)),
    foundBlockRight: await isBarred('decider_of_contested_block', (id) => foundBlockRight(c, id, tx)),
    judgedOther: await isBarred('judge_of_other_claim', (id) => hasJudgedOther(tx, c, keys, id)),
    ...(needs(move, 'hearing') && { heard: await isEverySideHeard(c, keys, now, tx, input.objection) }),
    ...(until && { hearingUntil: until }),
    refusedUnblock: needs(move, 'refusals') ? await listUnblockRefusals(c, tx) : undefined,
    ...(needs(move, 'unit') &&
      closed && {
        unit: await unitNow(tx, c, file.particulars.place),
        letter: { tellsOfRejection: false, stillUnheard: await untoldButEnd(tx, c) },
      }),
    ...(needs(move, 'reportedAnew') &&
      closed && { reportedAnew: await hasReportedAnew(tx, file, keys, now) }),
    ...(needs(move, 'imeisNamed') && { imeisNamed: await hasUnreleased(tx, c.id) }),
    ...(needs(move, 'mayWatch') && { mayWatch: env().RECOVERY === 'on' }),
    ...(needs(move, 'sentBack') && { sentBack: sentBackIn(await listLastFindings(tx, c.id), c.version) }),
    ...(needs(move, 'unblockAsked') && { unblockAsked: askedByCitizen(await findUnblockAsked(tx, c.id)) }),
    ...(needs(move, 'upheldFrom') && { upheldFrom: upheldFrom(await findUnblockAsked(tx, c.id)) }),
    ...(needs(move, 'carriersSettled') && { carriersSettled: await ordersSettled(tx, c.id, 'block') }),
  }
  return { request, proof, agreed, until }
}

interface Judged extends JudgedProof {
  readonly openedAt: Instant | null
}

/**
 * Returns the evidence that a person's move rests on, locked until the transaction ends; null for other moves. For a contested
 * block it includes the holder's evidence: no unblock is decided on one side's word.
 */
async function judgedProof(
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
async function agreedImeis(
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

async function listLastFoundBy(tx: Tx, caseId: string, accountId: string, move: Move): Promise<string[]> {
  const row = await tx.proofCheck.findFirst({
    where: { caseId, accountId, move },
    orderBy: { seq: 'desc' },
    select: { imeis: { where: { answer: 'yes' }, select: { key14: true } } },
  })
  return (row?.imeis ?? []).map(({ key14 }) => key14)
}

/**
 * Returns what other claims on the phone mean for a move whose rule asks: whether one is proven, and whether one has the phone
 * blocked. Locks them all.
 */
async function rivalFacts(tx: Tx, move: Move, { id }: CaseSnapshot, keys: readonly string[]) {
  if (!needs(move, 'rivals')) return {}
  await widenScope(tx, systemScope())
  await lockClaims(tx, id, keys)
  return readRivalStanding(tx, id, keys)
}

export async function hasHadPart(tx: Tx, c: CaseSnapshot, keys: readonly string[], accountId: string) {
  return (await hasDecidedBeforeReview(c, accountId, tx)) || (await hasJudgedOther(tx, c, keys, accountId))
}

/** Checks whether a person judged another claim on the same phones, in any district. */
async function hasJudgedOther(tx: Tx, { id }: CaseSnapshot, keys: readonly string[], accountId: string) {
  await widenScope(tx, systemScope())
  return judgedOther(tx, id, keys, accountId)
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
async function hasReportedAnew(tx: Tx, file: CaseFile, keys: readonly string[], now: Instant) {
  await widenScope(tx, systemScope())
  return (await findReportedAnew(file, keys, now, tx)) !== null
}

/** Returns the first decision of a case, except its expiry, that no message or letter has told of; null if there is none. */
async function untoldButEnd(tx: Tx, { id, unheardSeq }: CaseSnapshot): Promise<number | null> {
  if (unheardSeq === null) return null
  const served = (await listServedLetters(id, tx)).map(({ decisionSeq }) => decisionSeq)
  const untold = (await listDecisionsMade(id, tx)).filter(
    ({ seq, move }) => seq >= unheardSeq && move !== 'expire' && !served.includes(seq),
  )
  return untold[0]?.seq ?? null
}

/** Returns why a number cannot be taken off the case: null if it can, undefined for moves that take none off. */
function whyImeiStays(move: Move, imeis: readonly NumberOfCase[], dropped: string | undefined) {
  if (!ruleOf(move).dropsImei) return undefined
  const number = imeis.find(({ imei }) => imei === dropped)
  if (!number) return 'imei_not_of_case'
  if (number.isPublic) return 'imei_blocked'
  return imeis.length === 1 ? 'imei_last' : null
}

const listLastFindings = (tx: Tx, caseId: string) =>
  tx.caseEvent.findMany({
    where: { caseId, move: { in: ['verify', 'send_back'] } },
    orderBy: { seq: 'desc' },
    take: 10,
    select: { seq: true, move: true, actorId: true, at: true },
  })

const findUnblockAsked = (tx: Tx, caseId: string): Promise<{ move: string; from: CaseState | null }[]> =>
  tx.caseEvent.findMany({
    where: { caseId, move: { in: [...UNBLOCK_ASKED, ...FINDING_ENDED] } },
    orderBy: { seq: 'desc' },
    select: { move: true, from: true },
  })

/** Returns the accounts that refused to lift the block of a case, one for each refusal. */
async function listUnblockRefusals({ id, approvedAt }: CaseSnapshot, tx: Tx): Promise<string[]> {
  const rows = await tx.caseEvent.findMany({
    where: {
      ...{ caseId: id, move: 'refuse_unblock', actorId: { not: null } },
      ...(approvedAt && { at: { gte: approvedAt } }),
    },
    orderBy: { seq: 'asc' },
    select: { actorId: true },
  })
  return rows.flatMap(({ actorId }) => actorId ?? [])
}

function upheldFrom(events: Awaited<ReturnType<typeof findUnblockAsked>>): CaseState | null {
  const ground = findUnblockGround(events)
  return ground?.move === 'uphold_objection' ? ground.from : null
}
