import '#server-only'
import { holdAssignable } from '#features/accounts/queries.ts'
import { audit } from '#features/audit/commands.ts'
import { closeQuestions, releaseAnswers } from '#features/exchange/commands/ask.ts'
import { issueOrders } from '#features/exchange/commands/issue.ts'
import { exemptedFrom, ordersSettled, waitingFor } from '#features/exchange/queries/case.ts'
import { hasUnreleased } from '#features/exchange/queries/questions.ts'
import { settlePriority } from '#features/exchange/rules/settlement.ts'
import { holidays } from '#features/lookup-tables/queries.ts'
import { type NoticeTemplate, notify } from '#features/notices/commands.ts'
import type { AskedCorrection, StatedChanges } from '#features/privacy/rules/correction.ts'
import type { Actor } from '#lib/access/actor.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import type { Imei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { caseHash } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { widenScope } from '#platform/scope.ts'
import { addCheck } from '../repository/checks.ts'
import { claimTaken } from '../repository/claims.ts'
import { decidedBeforeReview } from '../repository/deciders.ts'
import { countWork } from '../repository/work.ts'
import {
  addEvent,
  type CaseFile,
  type EventActor,
  find,
  findOpposingCases,
  listedKeys,
  lockOpponents,
  openFile,
  phoneKeys,
  save,
  saveParticulars,
  saveStated,
  unblockAsked,
} from '../repository.ts'
import { decide } from '../rules/lifecycle.ts'
import { askedByCitizen, isBlocked, type Move, needs, ruleOf } from '../rules/moves.ts'
import type { EventWords, Particulars } from '../rules/particulars.ts'
import { asksForCheck, type GivenCheck, wholeCheck } from '../rules/proof.ts'
import { applyTransition, recordOf } from '../rules/record.ts'
import type { CaseSnapshot } from '../rules/snapshot.ts'
import { ACTIVE_STATES } from '../rules/state.ts'
import type { CaseRefusal, MoveRequest, Transition } from '../rules/transition.ts'
import { workOf } from '../rules/work.ts'
import { indexPerson } from './blind-index.ts'
import { setImeis } from './imei.ts'
import { hasDecidedBefore, hasJudgedOther, isAsSeen, isClaimTaken, judgedProof } from './move-facts.ts'
import { tellStaff } from './tell-staff.ts'

export interface CaseMove {
  /** The case, and the version its reader saw: a move on what people have changed since is refused. */
  readonly caseId: string
  readonly version: number | null
  readonly move: Move
  readonly reasonCode?: string | undefined
  readonly text?: string | undefined
  readonly note?: string | undefined
  readonly assignee?: MoveRequest['assignee']
  readonly unit?: MoveRequest['unit']
  /** The person's findings on the evidence, for moves that rest on it. */
  readonly check?: GivenCheck
  readonly heard?: boolean
  readonly blockFrom?: readonly string[]
  /** For `keep_block`: the phones, by their keys, of which the block passes. */
  readonly phones?: readonly string[]
  /** The particulars of the case from now on, where the move changes them. */
  readonly particulars?: Particulars
  readonly changes?: StatedChanges
  /** The correction that is asked for, or made. */
  readonly correction?: AskedCorrection | undefined
  /** The message that the person is sent, where it is not told by the move's own name. */
  readonly template?: NoticeTemplate
  /** For `overruled`: the case that has its block from now on. */
  readonly blockTo?: string
  /** For moves that set the IMEI of a case that had none. */
  readonly imeis?: readonly Imei[]
}

/**
 * Makes one move on one case and writes everything that follows from it (event, claim, orders, audit entry,
 * message) in the caller's transaction. Refusals change nothing.
 */
export async function moveCase(
  tx: Tx,
  scope: CaseScope,
  actor: Actor,
  input: CaseMove,
  now: Instant,
): Promise<Result<CaseSnapshot, CaseRefusal>> {
  const snapshot = await find(scope, { id: input.caseId }, tx)
  if (!snapshot) return err('forbidden')
  if (!(await isAsSeen(tx, snapshot, input.version, actor))) return err('stale')
  if (snapshot.erasedAt !== null) return err('wrong_state')
  const file = await openFile(snapshot, tx)
  const setsImei = ruleOf(input.move).setsImei === true
  const keys = setsImei ? (input.imeis ?? []).map(({ key }) => key) : file.imeis.map((imei) => imei.key14)
  if (setsImei && snapshot.imeiUnknown && keys.length === 0) return err('imei_missing')
  const proof = await judgedProof(tx, snapshot, actor, input)
  const request: MoveRequest = {
    ...input,
    ...(proof && { proof }),
    claimTaken: await isClaimTaken(tx, input.move, snapshot, keys),
    decidedBefore: await hasDecidedBefore(tx, input.move, snapshot, actor),
    judgedOther: await hasJudgedOther(tx, input.move, snapshot, keys, actor),
    ...(needs(input.move, 'imeisNamed') && { imeisNamed: await hasUnreleased(tx, snapshot.id) }),
    ...(needs(input.move, 'unblockAsked') && {
      unblockAsked: askedByCitizen(await unblockAsked(tx, snapshot.id)),
    }),
    ...(needs(input.move, 'carriersSettled') && {
      carriersSettled: await ordersSettled(tx, snapshot.id, 'block'),
    }),
  }
  const decided = decide(snapshot, request, actor, { now, holidays: await holidays(tx) })
  if (!decided.ok) return decided
  const { assigneeId } = decided.value.set
  const given = actor.kind !== 'staff' || actor.id !== assigneeId
  if (assigneeId && !(await holdAssignable(tx, { id: assigneeId, unitId: snapshot.unitId, given }, now)))
    return err('assignee_invalid')
  if (input.move === 'reassign' && assigneeId && (await decidedBeforeReview(snapshot, assigneeId, tx)))
    return err('assignee_had_part')
  const left = await leaveBlock(tx, snapshot, decided.value, keys, now)
  if (!left.ok) return left
  const written = { ...input, ...(left.value !== null && { blockTo: left.value }) }
  if (!(await write(tx, snapshot, file, decided.value, actor, written, now))) return err('stale')
  const counts = workOf(snapshot, decided.value, actor, proof?.openedAt ?? null, now)
  await countWork(tx, snapshot.unitId, counts, now)
  if (proof?.openedAt && actor.kind === 'staff') {
    const { version } = decided.value
    await addCheck(tx, {
      caseId: snapshot.id,
      seq: version + 1,
      move: input.move,
      accountId: actor.id,
      unitId: actor.unitId,
      openedAt: proof.openedAt,
      decidedAt: now,
      check: asksForCheck(input.move) ? wholeCheck(input.check ?? {}) : null,
    })
  }
  if (leavesConflict(snapshot, decided.value)) await endConflicts(tx, snapshot.id, keys, now)
  await tellStaff(tx, snapshot, input.move, actor, now)
  return ok(snapshot)
}

async function write(
  tx: Tx,
  c: CaseSnapshot,
  file: CaseFile,
  change: Transition,
  actor: Actor,
  input: Pick<
    CaseMove,
    | 'text'
    | 'note'
    | 'check'
    | 'phones'
    | 'blockTo'
    | 'particulars'
    | 'changes'
    | 'correction'
    | 'template'
    | 'imeis'
  >,
  now: Instant,
): Promise<boolean> {
  const rule = ruleOf(change.move)
  if (rule.setsImei && input.imeis) {
    // An earlier case of the phone, or a phone that was found, may be another district's.
    await widenScope(tx, systemScope())
    await setImeis(tx, c.id, input.imeis)
  }
  if ((await save(tx, c.id, change, input.phones)) === 'stale') return false
  const imeis = rule.setsImei
    ? { imeis: (input.imeis ?? []).map(({ imei, key }) => ({ imei, key14: key })) }
    : null
  const next = { ...file, ...imeis, ...(input.particulars && { particulars: input.particulars }) }
  // Nobody needs to be told the number any more.
  if (c.imeiUnknown && (rule.setsImei || !ACTIVE_STATES.includes(change.to)))
    await closeQuestions(tx, c.id, ['imei_of_number'])
  if (change.move === 'release_imeis') await releaseAnswers(tx, c.id, now)
  if (input.particulars) {
    // What a person is found by is entered by the product alone, on the strength of this decision.
    await widenScope(tx, systemScope())
    await saveParticulars(tx, c.id, file.key, input.particulars)
    await indexPerson(tx, c.id, input.particulars)
    if (input.changes) await saveStated(tx, c.id, input.changes)
  }
  const words: EventWords = {
    ...(input.text && (change.textIsPublic ? { message: input.text } : { reason: input.text })),
    ...(input.note && { note: input.note }),
    ...(input.correction && { correction: input.correction }),
  }
  await addEvent(tx, file.key, {
    caseId: c.id,
    seq: change.version + 1,
    change,
    actor: eventActor(actor),
    words,
    at: now,
  })
  if (change.orders) {
    await issueOrders(tx, {
      caseId: c.id,
      ...change.orders,
      imeis: file.imeis.filter(({ key14 }) => input.phones?.includes(key14) ?? true).map(({ imei }) => imei),
      at: now,
    })
  }
  // Where no carrier has anything left to do, the case is settled at once; so is what waited for the end of a conflict.
  const freed = c.held !== null && change.set.held === null
  if (freed || (change.from !== change.to && (change.to === 'blocking' || change.to === 'unblocking'))) {
    await enqueue(tx, 'case-settle', { caseId: c.id }, { priority: settlePriority(now) })
  }
  if (c.objectedAt !== null && change.listed === false) {
    // The objection was right: with it the block goes.
    const granted = change.set.overturnedAt != null
    const { blockTo } = input
    await enqueue(tx, 'objection-settle', { caseId: c.id, granted, ...(blockTo && { blockTo }) })
  }
  // A holder who was found right asked for this unblock too, and is told of its end.
  if (rule.completes === 'unblock' && c.overturnedAt !== null)
    await enqueue(tx, 'objection-settle', { caseId: c.id, granted: true, done: true })
  await audit(tx, {
    actor,
    act: `case.${change.move}`,
    subject: { kind: 'case', id: c.id },
    facts: {
      from: change.from,
      to: change.to,
      version: change.version + 1,
      reasonCode: change.reasonCode,
      ...(change.set.unitId !== undefined && { fromUnit: c.unitId, unit: change.set.unitId }),
      ...(actor.kind === 'staff' && asksForCheck(change.move) && wholeCheck(input.check ?? {})),
    },
    before: hashOf(c, file),
    after: hashOf(applyTransition(c, change), next),
    at: now,
  })
  const to = file.particulars.contact
  if (change.visible && to) {
    const waits = change.orders?.action === 'block' ? await waitingFor(c.id, tx) : null
    const exempt = rule.completes ? (await exemptedFrom(c.id, tx))[rule.completes] : []
    await notify(tx, {
      key: file.key,
      to,
      template: input.template ?? rule.tells?.(c, change.set) ?? change.move,
      locale: file.locale,
      params: {
        number: c.number,
        ...(words.message && { message: words.message }),
        ...(change.reasonCode && { reasonCode: change.reasonCode }),
        ...(waits && { waits }),
        ...(exempt.length > 0 && { exempt: exempt.join(', ') }),
      },
      at: now,
    })
  }
  return true
}

const hashOf = (c: CaseSnapshot, { key, particulars, imeis }: CaseFile) =>
  caseHash(key, recordOf(c, particulars, imeis))

/** Returns who acted, as the history keeps it. */
export function eventActor(actor: Actor): EventActor {
  return actor.kind === 'staff'
    ? { actorKind: 'staff', actorId: actor.id, actorRole: actor.role, actorUnitId: actor.unitId }
    : { actorKind: actor.kind }
}

/**
 * Tells whether a change takes a case out of a conflict and so frees others. A conflict that a person settles frees
 * nobody by itself: that person says what becomes of each.
 */
const leavesConflict = (before: CaseSnapshot, change: Transition): boolean =>
  before.held === 'conflict' && change.set.held === null && ruleOf(change.move).settlesConflict !== true

/**
 * Gives the block of a case that is withdrawn or runs out in a conflict to those that still claim its phones, the earliest
 * report first. Must run before the case is written, which lifts what is left. Answers the case that has the block, or null.
 */
async function leaveBlock(
  tx: Tx,
  c: CaseSnapshot,
  change: Transition,
  keys: readonly string[],
  now: Instant,
): Promise<Result<string | null, CaseRefusal>> {
  if (!leavesConflict(c, change) || change.listed !== false) return ok(null)
  await widenScope(tx, systemScope())
  let first: string | null = null
  const open = new Set(keys)
  const others = await lockOpponents(tx, c.id, keys, true)
  for (const to of others.toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime())) {
    const its = await phoneKeys(to.id, tx)
    const shared = its.filter((key) => open.delete(key))
    // One that was approved has a block of its own.
    if (shared.length === 0 || (isBlocked(to) && to.holdUntil === null)) continue
    // Both of its blocks end together.
    const blockFrom = to.holdUntil === null ? [c.id] : [to.id, c.id]
    const phones = [
      ...(await listedKeys(tx, [c.id], shared)),
      ...(to.holdUntil === null ? [] : await listedKeys(tx, [to.id], its)),
    ]
    if (phones.length === 0) continue
    const move = { caseId: to.id, version: to.version, move: 'keep_block', blockFrom, phones } as const
    const kept = await moveCase(tx, systemScope(), { kind: 'system' }, move, now)
    if (!kept.ok) return kept
    first ??= to.id
  }
  return ok(first)
}

/** Frees the cases that were held only because of a claim that is gone now. */
export async function endConflicts(
  tx: Tx,
  caseId: string,
  keys: readonly string[],
  now: Instant,
): Promise<void> {
  await widenScope(tx, systemScope())
  const calendar = { now, holidays: await holidays(tx) }
  for (const other of await lockOpponents(tx, caseId, keys, true)) {
    const its = await phoneKeys(other.id, tx)
    const still = await findOpposingCases(tx, other.id, its, true)
    if (still.some((one) => one.id !== caseId)) continue
    const request = { move: 'uncontested', claimTaken: await claimTaken(tx, other.id, its) } as const
    const freed = decide(other, request, { kind: 'system' }, calendar)
    if (freed.ok) await write(tx, other, await openFile(other, tx), freed.value, { kind: 'system' }, {}, now)
  }
}
