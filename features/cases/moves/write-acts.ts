import '#server-only'
import { noteForReceivers } from '#features/alerts/consents/acts.ts'
import { policeUnits } from '#features/areas/data.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { isReviewed } from '#features/disputes/sides/rules.ts'
import { exemptedFrom, waitingFor } from '#features/exchange/case-orders/data.ts'
import { issueOrders } from '#features/exchange/issuing/acts.ts'
import { settlePriority } from '#features/exchange/orders/rules.ts'
import { closeQuestions, releaseAnswers } from '#features/exchange/questions/data.ts'
import { keepDespiteWords } from '#features/exchange/shared-words/data.ts'
import { lawsInForce } from '#features/lookup-tables/data.ts'
import type { NoticeParams, NoticeTemplate } from '#features/notices/acts.ts'
import type { AskedCorrection, StatedChanges } from '#features/privacy/requests/correction-rules.ts'
import { tellDevices } from '#features/push/acts.ts'
import { openColumns } from '#features/reporting/fields/columns-rules.ts'
import type { Actor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Imei } from '#lib/imei/imei.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { type CaseKey, caseHash, seal } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { widenScope } from '#platform/scope.ts'
import { reopenUntil } from '../clocks/rules.ts'
import type { SentObjection } from '../conflict/data.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { followClaims } from '../found/data.ts'
import { addImeis } from '../imeis/acts.ts'
import { decisionOf } from '../letters/rules.ts'
import { readWhomToCall, tellContacts } from '../messages/acts.ts'
import { indexPerson } from '../particulars/acts.ts'
import type { CaseFile } from '../particulars/data.ts'
import type { EventWords, Particulars } from '../particulars/rules.ts'
import { type GivenCheck, IMEI_CHECKS, type ProofCheck } from '../proof/rules.ts'
import { saveCase, unlist } from '../record/data.ts'
import { applyTransition, recordOf } from '../record/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { ACTIVE_STATES } from '../record/state-rules.ts'
import { boxOf, keptBox, unitOfDecision } from '../remedies/last-box-rules.ts'
import { deciderOf } from '../timeline/rules.ts'
import { addEvent } from './events-data.ts'
import { type Move, ruleOf } from './rules.ts'
import type { MoveRequest, Transition } from './transition-rules.ts'

export interface CaseMove {
  /** The case and, in `version`, the version that its reader saw. The move is refused if people have changed the case since. */
  readonly caseId: string
  readonly version: number | null
  readonly move: Move
  readonly reasonCode?: string | undefined
  readonly text?: string | undefined
  readonly note?: string | undefined
  readonly assignee?: MoveRequest['assignee']
  readonly unit?: MoveRequest['unit']
  readonly check?: GivenCheck
  readonly letter?: MoveRequest['letter']
  readonly blockFrom?: readonly string[]
  /**
   * Keys of the phones that the move concerns, if not all: for example those whose block passes (`keep_block`) or whose claim is
   * taken (`outproven`).
   */
  readonly phones?: readonly string[]
  readonly particulars?: Particulars
  readonly changes?: StatedChanges
  readonly correction?: AskedCorrection | undefined
  /** Further values for the message. */
  readonly says?: Pick<NoticeParams, 'contact' | 'until'>
  /** The message's template if it is not named like the move. */
  readonly template?: NoticeTemplate
  /** For `overruled`, and for a case that leaves a conflict: the case that has the block from now on. */
  readonly blockTo?: string
  readonly imeis?: readonly Imei[]
  /**
   * The only number that the checklist asks about, 15 digits; its answer is in `checkImei1`. Absent: the checklist asks about
   * all.
   */
  readonly about?: string
  /** For `uphold_objection`: the objection, on which the reporter is heard. */
  readonly objection?: SentObjection
  /** For `drop_imei`: the number, 15 digits. */
  readonly dropped?: string | undefined
}

export interface MoveWriting {
  readonly c: CaseSnapshot
  readonly file: CaseFile
  readonly change: Transition
  readonly actor: Actor
  readonly input: Omit<CaseMove, 'caseId' | 'version' | 'move'>
  /** A person's findings on the evidence; null if the move asks for no checklist. */
  readonly check: ProofCheck | null
  readonly now: Instant
}

/** Writes a permitted move and its consequences. Returns false if the case has changed since it was read. */
export async function writeMove(tx: Tx, writing: MoveWriting): Promise<boolean> {
  const { c, file, actor, input, check, now } = writing
  const change = markUnheard(writing)
  const { setsImei, dropsImei } = ruleOf(change.move)
  if (setsImei && input.imeis) {
    // An earlier case of the phone, or a found phone, may belong to another district.
    await widenScope(tx, systemScope())
    await addImeis(tx, c, input.imeis)
  }
  const dropped = dropsImei
    ? file.imeis.filter(({ imei, key14 }) => imei === input.dropped || input.phones?.includes(key14))
    : []
  if (dropped.length > 0)
    await dropImeis(
      tx,
      c.id,
      dropped.map(({ key14 }) => key14),
    )
  const saved = await saveCase(tx, c.id, change, input.phones)
  if (saved === 'changed') return false
  if (change.move === 'confirm_keep_shared' && !(await keepDespiteWords(tx, c.id))) return false
  await settleQuestions(tx, writing)
  await writeParticulars(tx, writing)
  const words: EventWords = {
    ...(input.text && (change.textIsPublic ? { message: input.text } : { reason: input.text })),
    ...(input.note && { note: input.note }),
    ...(input.correction && { correction: input.correction }),
  }
  await addEvent(tx, file.key, {
    caseId: c.id,
    seq: change.version + 1,
    change,
    actor,
    words,
    at: now,
  })
  await followUp(tx, writing)
  // Lifts the block of dropped numbers that has not passed to the upheld case.
  const listed = dropped.filter(({ isPublic }) => isPublic || c.watchUntil !== null).map(({ imei }) => imei)
  if (listed.length > 0) {
    const order = { caseId: c.id, action: 'unblock', reason: 'other_claim', imeis: listed } as const
    await issueOrders(tx, { ...order, only: true, at: now })
  }
  const given = setsImei
    ? (input.imeis ?? []).map(({ imei, key }) => ({ imei, key14: key, isPublic: false }))
    : []
  const imeis = [...file.imeis.filter((one) => !dropped.includes(one)), ...given]
  const moved = applyTransition(c, change)
  const after = { ...moved, primaryClaim: saved.hasClaim ?? moved.primaryClaim }
  const next = { ...file, imeis, ...(input.particulars && { particulars: input.particulars }) }
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
      ...(check && factsOf(check, file)),
    },
    before: hashOf(c, file),
    after: hashOf(after, next),
    at: now,
  })
  await tellPerson(tx, writing, after, words.message)
  return true
}

/** Takes numbers off a case; the others keep their places. */
async function dropImeis(tx: Tx, caseId: string, keys: readonly string[]): Promise<void> {
  await tx.caseImei.deleteMany({ where: { caseId, key14: { in: [...keys] } } })
  await followClaims(tx, { keys })
}

/**
 * Marks the first decision that no message can tell of, because the case has no contact. Its letter waits to be served, and with
 * it the time to appeal.
 */
function markUnheard({ c, file, change, now }: MoveWriting): Transition {
  const isFirst = c.unheardSeq === null && decisionOf(change.move, change.to) !== null
  if (!isFirst || contactsInForce(file.particulars, now).length > 0) return change
  return { ...change, set: { ...change.set, unheardSeq: change.version + 1 } }
}

/** Returns a checklist for the audit log, where each number is named by its place in the case. */
const factsOf = ({ imeis, ...check }: ProofCheck, file: CaseFile) => ({
  ...Object.fromEntries(
    imeis.map(({ key14, answer }) => [
      IMEI_CHECKS[file.imeis.findIndex((one) => one.key14 === key14)] ?? 'checkImei',
      answer,
    ]),
  ),
  ...check,
})

async function settleQuestions(tx: Tx, { c, change, now }: MoveWriting): Promise<void> {
  // Carriers no longer need to look the number up.
  if (!ACTIVE_STATES.includes(change.to)) await closeQuestions(tx, c.id)
  else if (c.imeiUnknown && ruleOf(change.move).setsImei) await closeQuestions(tx, c.id, ['imei_of_number'])
  if (change.to === 'unblocking') await closeQuestions(tx, c.id, ['notify_holder'])
  if (ruleOf(change.move).releasesImeis) await releaseAnswers(tx, c.id, now)
}

async function writeParticulars(tx: Tx, { c, file, input }: MoveWriting): Promise<void> {
  if (!input.particulars) return
  // Only the product writes search entries of a person; this decision permits it.
  await widenScope(tx, systemScope())
  await saveParticulars(tx, c.id, file.key, input.particulars)
  await indexPerson(tx, c.id, input.particulars)
  if (input.changes) await saveStated(tx, c.id, input.changes)
}

async function saveStated(tx: Tx, caseId: string, changes: StatedChanges): Promise<void> {
  const { incidentAt, tacMismatch } = changes
  const data = {
    ...(incidentAt && { incidentAt }),
    ...(tacMismatch !== undefined && { tacMismatch }),
    ...openColumns(changes),
  }
  await tx.case.update({ where: { id: caseId }, data, select: { id: true } })
}

/** Seals a case's changed particulars and deletes its search entries, which are then written again. */
async function saveParticulars(tx: Tx, caseId: string, key: CaseKey, p: Particulars): Promise<void> {
  await tx.case.update({
    where: { id: caseId },
    data: { sealed: seal(key, 'particulars', p) },
    select: { id: true },
  })
  await tx.blindIndex.deleteMany({ where: { caseId } })
}

/** Issues a move's orders and enqueues the jobs that follow for the case and its objections. */
async function followUp(tx: Tx, { c, file, change, input, now }: MoveWriting): Promise<void> {
  if (change.orders) {
    await liftLeftOut(tx, { file, change, input, caseId: c.id, now })
    await issueOrders(tx, {
      caseId: c.id,
      ...change.orders,
      imeis: file.imeis.filter(({ key14 }) => input.phones?.includes(key14) ?? true).map(({ imei }) => imei),
      at: now,
    })
  }
  const reopened = !ACTIVE_STATES.includes(change.from) && ACTIVE_STATES.includes(change.to)
  // The questions to carriers ended with the case, so they are asked again.
  if (reopened && c.imeiUnknown) await enqueue(tx, 'imei-lookup', { caseId: c.id })
  // Settles the case at once if no carrier has anything left to do, or if it waited for a conflict's end.
  const freed = c.held !== null && change.set.held === null
  if (freed || (change.from !== change.to && (change.to === 'blocking' || change.to === 'unblocking'))) {
    await enqueue(tx, 'case-settle', { caseId: c.id }, { priority: settlePriority(now) })
  }
  if (c.objectedAt !== null && change.listed === false) {
    // True if the block ends because the objection was right.
    const granted = change.set.overturnedAt != null
    const { blockTo } = input
    await enqueue(tx, 'objection-settle', { caseId: c.id, granted, ...(blockTo && { blockTo }) })
  }
  if (change.listed === false || (change.listed && c.blockFromId !== null))
    await enqueue(tx, 'block-settle', { caseId: c.id })
  if (isReviewed(c) !== isReviewed(applyTransition(c, change)))
    await enqueue(tx, 'review-settle', { caseId: c.id })
  // A holder who was found right also asked for this unblock and is told of its end.
  if (ruleOf(change.move).completes === 'unblock' && c.overturnedAt !== null)
    await enqueue(tx, 'objection-settle', { caseId: c.id, granted: true, done: true })
  await noteForReceivers(tx, c.id)
}

/**
 * Lifts the temporary block of numbers that the two people who approve or renew did not both find. Ordered just before their
 * block, so that the block is each carrier's newest order.
 */
async function liftLeftOut(
  tx: Tx,
  {
    file,
    change,
    input,
    caseId,
    now,
  }: Pick<MoveWriting, 'file' | 'change' | 'input' | 'now'> & { readonly caseId: string },
): Promise<void> {
  const { agreesOn } = ruleOf(change.move)
  if (agreesOn !== 'verify' && agreesOn !== 'renew_hold') return
  const left = file.imeis.filter(({ key14, isPublic }) => isPublic && !input.phones?.includes(key14))
  if (left.length === 0) return
  const imeis = left.map(({ imei }) => imei)
  await unlist(tx, caseId, imeis)
  const at = addMilliseconds(now, -1)
  await issueOrders(tx, { caseId, action: 'unblock', reason: 'expired', imeis, only: true, at })
}

async function tellPerson(
  tx: Tx,
  { c, file, change, actor, input, now }: MoveWriting,
  after: CaseSnapshot,
  message: string | undefined,
): Promise<void> {
  const contacts = contactsInForce(file.particulars, now)
  if (!change.visible) return
  // A case without a contact can still have devices.
  if (contacts.length === 0) return tellDevices(tx, c.id, now)
  const rule = ruleOf(change.move)
  const waits = change.orders ? await waitingFor(c.id, change.orders.action, tx) : null
  const exempt = rule.completes ? (await exemptedFrom(c.id, tx))[rule.completes] : []
  const template = input.template ?? rule.tells?.(c, change.set) ?? change.move
  const agreed = rule.agreesOn && input.phones
  const left = agreed ? file.imeis.filter((one) => !one.isPublic && !agreed.includes(one.key14)) : []
  const params = {
    number: c.number,
    ...(message && { message }),
    ...(change.reasonCode && { reasonCode: change.reasonCode }),
    ...(waits && { waits }),
    ...(left.length > 0 && { unblocked: left.map(({ imei }) => imei.slice(-4)).join(', ') }),
    ...(change.move === 'overruled_in_part' && {
      unblocked: file.imeis
        .filter(({ key14 }) => input.phones?.includes(key14))
        .map(({ imei }) => imei.slice(-4))
        .join(', '),
    }),
    ...(exempt.length > 0 && { exempt: exempt.join(', ') }),
    ...(change.move === 'reject' && after.holdUntil && { hold: after.holdUntil.toISOString() }),
    ...(change.set.holdUntil && { until: change.set.holdUntil.toISOString() }),
    ...(change.move === 'remind_reply' && { until: c.dueAt.toISOString() }),
    ...(change.move === 'expire' && { until: reopenUntil(now).toISOString() }),
    ...(template === 'reply_reopened' && (await filesDeletedOf(tx, c.id))),
    ...input.says,
    ...(await lastBoxOf(tx, after, change, actor, now)),
    ...(await readWhomToCall(tx, template, c.unitId, file)),
  }
  await tellContacts(tx, { c, file, template, params, state: change.to }, now)
}

/** Returns the box (`LastBox`) of a move that ends something, for its message; nothing for other moves. */
async function lastBoxOf(
  tx: Tx,
  after: CaseSnapshot,
  change: Pick<Transition, 'move' | 'reasonCode'>,
  actor: Actor,
  now: Instant,
): Promise<Pick<NoticeParams, 'last'>> {
  const staff = actor.kind === 'staff' ? actor : null
  const by = { actorKind: actor.kind, actorRole: staff?.role ?? null, actorUnitId: staff?.unitId ?? null }
  const event = { ...change, at: now, ...deciderOf(by) }
  const approved =
    change.move === 'carriers_lifted'
      ? await tx.caseEvent.findFirst({
          where: { caseId: after.id, move: 'approve_unblock' },
          orderBy: { seq: 'desc' },
          select: { actorKind: true, actorRole: true, actorUnitId: true },
        })
      : null
  const box = boxOf(after, event, approved ? deciderOf(approved) : undefined, lawsInForce().remedies, now)
  if (box === null) return {}
  const unit = unitOfDecision(await policeUnits(tx), box.unitId)
  return { last: { box: keptBox(box), unit } }
}

/** Returns when a case's files were deleted at the end of their retention; empty if it has files or never had any. */
async function filesDeletedOf(tx: Tx, caseId: string): Promise<Pick<NoticeParams, 'filesDeleted'>> {
  const select = { evidenceErasedAt: true, key: { select: { proofVersion: true } } } as const
  const { evidenceErasedAt: at, key } = await tx.case.findFirstOrThrow({ where: { id: caseId }, select })
  return key.proofVersion > 0 && at !== null ? { filesDeleted: at.toISOString() } : {}
}

const hashOf = (c: CaseSnapshot, { key, particulars, imeis }: CaseFile) =>
  caseHash(key, recordOf(c, particulars, imeis))
