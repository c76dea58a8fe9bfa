import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { lockBlockingCase, lockCase } from '#features/cases/commands/lock.ts'
import { moveCase } from '#features/cases/commands/move.ts'
import { discardUnkept } from '#features/cases/commands/move-with-files.ts'
import { caseKeyFor, caseSnapshot, hasFoundRight } from '#features/cases/queries/blocking.ts'
import type { DisclosureInput } from '#features/cases/rules/disclosure.ts'
import { keptBox } from '#features/cases/rules/last-box.ts'
import type { GivenCheck } from '#features/cases/rules/proof.ts'
import type { CaseRefusal } from '#features/cases/rules/transition.ts'
import { type DisclosureRefusal, openProof } from '#features/disclosures/commands/open.ts'
import { openedProof } from '#features/disclosures/queries.ts'
import { keepEvidence, type ReceivedFile } from '#features/evidence/commands.ts'
import { countEvidence, screensSince } from '#features/evidence/queries.ts'
import type { EvidenceKind } from '#features/evidence/rules/kind.ts'
import { lawsInForce } from '#features/lookup-tables/queries.ts'
import { notify } from '#features/notices/acts.ts'
import type { Actor, StaffActor, StaffReader } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, staffScope, systemScope } from '#lib/access/scope.ts'
import { type ImeiFault, parseImei } from '#lib/imei/imei.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { type Tx, uniqueViolation } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import {
  addEvent,
  countWaiting,
  find,
  type ObjectionFile,
  objectionCalendar,
  openFile,
  save,
} from './data.ts'
import { objectionBox, unitForHolder } from './rules/last-box.ts'
import {
  decideObjection,
  type ObjectionRefusal,
  type ObjectionRequest,
  type ObjectionTransition,
} from './rules/lifecycle.ts'
import type { HolderAct, ObjectionDecision } from './rules/moves.ts'
import { objectionNumbers } from './rules/number.ts'
import type { ObjectionSnapshot } from './rules/state.ts'

/**
 * Makes one move on an objection that was found within a scope. Writes what follows from it (event, audit entry,
 * message) in the caller's transaction. When it ends the last waiting objection to the case's block, the case is told.
 */
export async function moveObjection(
  tx: Tx,
  o: ObjectionSnapshot,
  actor: Actor,
  request: ObjectionRequest,
  now: Instant,
): Promise<Result<ObjectionFile, ObjectionRefusal>> {
  const decided = decideObjection(o, request, actor, await objectionCalendar(now, tx))
  if (!decided.ok) return decided
  const change = decided.value
  if ((await save(tx, o.id, change)) === 'stale') return err('stale')
  const file = await openFile(o.id, tx)
  await writeMove(tx, o, file, change, actor, request.text, now)
  const ended = change.set.waiting === false && o.againstId
  return ended && (await endWithLast(tx, o.againstId, now)) === 'stale' ? err('stale') : ok(file)
}

async function writeMove(
  tx: Tx,
  o: ObjectionSnapshot,
  file: ObjectionFile,
  change: ObjectionTransition,
  actor: Actor,
  text: string | undefined,
  now: Instant,
): Promise<void> {
  const staff = actor.kind === 'staff' ? actor : null
  const message = change.textIsPublic && text ? text : undefined
  await addEvent(tx, file.key, {
    seq: change.version + 1,
    at: now,
    move: change.move,
    actorKind: actor.kind,
    actorId: staff?.id ?? null,
    actorRole: staff?.role ?? null,
    actorUnitId: staff?.unitId ?? null,
    reasonCode: change.reasonCode,
    words: { ...(message ? { message } : text && { reason: text }) },
  })
  await audit(tx, {
    actor,
    act: `objection.${change.move}`,
    subject: { kind: 'objection', id: o.id },
    ...(o.againstId && { caseId: o.againstId }),
    facts: { from: o.state, to: change.to, version: change.version + 1, reasonCode: change.reasonCode },
    at: now,
  })
  // A finding that is not final is for police alone.
  if (change.move === 'uphold' || change.move === 'inspect') return
  const { reasonCode } = change
  const ended = {
    move: change.move,
    at: now,
    actorKind: actor.kind,
    actorRole: staff?.role ?? null,
    actorUnitId: staff?.unitId ?? null,
    reasonCode,
  }
  const box = objectionBox(o, ended, lawsInForce().remedies, now)
  const last = box && { box: keptBox(box), unit: unitForHolder(box) }
  await notify(tx, {
    key: file.key,
    to: file.holder.contact,
    template: `objection_${change.move}`,
    locale: file.locale,
    params: {
      number: o.number,
      ...(message && { message }),
      ...(reasonCode && { reasonCode }),
      ...(last && { last }),
      ...(change.set.hearingUntil && { until: change.set.hearingUntil.toISOString() }),
    },
    at: now,
  })
}

/**
 * Tells a case that its last objection is over. Changes nothing where the block has ended by itself, or another
 * objection still waits.
 */
async function endWithLast(tx: Tx, caseId: string, now: Instant): Promise<'told' | 'stale'> {
  // A holder sees only their own: others may still object.
  await widenScope(tx, systemScope())
  // This waits for a transaction that ends another objection to it, or sends one, at this moment.
  await lockCase(tx, caseId)
  if ((await countWaiting(tx, caseId)) > 0) return 'told'
  const input = { caseId, version: null, move: 'objection_over' } as const
  const over = await moveCase(tx, systemScope(), { kind: 'system' }, input, now)
  return !over.ok && over.error === 'stale' ? 'stale' : 'told'
}

export interface HolderMove {
  /** The objection's key: the caller has received the files under it. */
  readonly key: CaseKey
  /** The version that the page showed. */
  readonly version: number
  readonly act: HolderAct
  readonly message: string
  readonly submitKey: string
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
}

export type HolderRefusal = ObjectionRefusal | 'too_many' | 'gone' | 'not_blocked' | 'open_already'

/**
 * Does one act of a holder on their own objection, with the files that came with it, once a `submitKey`. Files that are
 * not kept are removed from the store.
 */
export async function actAsHolder(
  scope: CaseScope,
  move: HolderMove,
  now: Instant,
): Promise<Result<null, HolderRefusal>> {
  const done = await inScope(scope, () => attempt(scope, move, now)).catch((error: unknown) => {
    // Another objection of this holder has been opened meanwhile.
    if (move.act === 'renew' && uniqueViolation(error)) return err('open_already' as const)
    throw error
  })
  await discardUnkept(move.files, done)
  return done.ok ? ok(null) : done
}

const attempt = (scope: CaseScope, move: HolderMove, now: Instant) =>
  actOnce<{ kept: string[] }, HolderRefusal>(
    move.submitKey,
    `objection.${move.key.caseId}.holder`,
    now,
    async (tx) => {
      const { key, version, act, message: text, kind, files } = move
      const actor = { kind: 'citizen' } as const
      const o = await find(scope, { id: key.caseId }, tx)
      if (!o) return err('forbidden')
      if (o.version !== version) return err('stale')
      const moved = await moveObjection(tx, o, actor, { move: act, text }, now)
      if (!moved.ok) return moved
      const again = act === 'renew' ? await objectAgain(tx, o.imei, o.againstId, now) : ok(null)
      if (!again.ok) return again
      if (files.length === 0) return ok({ kept: [] })
      const stored = await keepEvidence(tx, { key, actor, kind, files, eventSeq: version + 1 }, now)
      if (!stored.ok) return stored
      const { repeated } = stored.value
      return ok({ kept: files.filter((file) => !repeated.includes(file)).map((file) => file.id) })
    },
  )

/**
 * Objects to the case's block again, for a renewed look: refused where that block is no longer in force. The case's
 * reporter is told again.
 */
async function objectAgain(
  tx: Tx,
  imei: string,
  againstId: string | null,
  now: Instant,
): Promise<Result<null, 'not_blocked' | 'stale'>> {
  await widenScope(tx, systemScope())
  const c = await lockBlockingCase(tx, imei.slice(0, 14))
  if (c === null || c.id !== againstId) return err('not_blocked')
  if (c.objectedAt !== null) return ok(null)
  const moved = await moveCase(
    tx,
    systemScope(),
    { kind: 'system' },
    { caseId: c.id, version: c.version, move: 'objected' },
    now,
  )
  return moved.ok ? ok(null) : err(refusedAgain(moved.error))
}

const refusedAgain = (refusal: CaseRefusal): 'not_blocked' | 'stale' =>
  refusal === 'stale' ? 'stale' : 'not_blocked'

export interface ObjectionDecisionInput {
  readonly number: string
  /** The version that was read. */
  readonly version: number
  readonly submitKey: string
  readonly decision: ObjectionDecision
  readonly reasonCode?: string | undefined
  readonly reason?: string | undefined
  /** For `uphold`: the person's findings on the holder's evidence. */
  readonly check?: GivenCheck
}

export type DecisionRefusal = ObjectionRefusal | CaseRefusal | 'not_found'

/**
 * Carries out a police decision on an objection, once a `submitKey`. Finding the holder right also moves the case that
 * blocks the phone, in the same transaction, to the step where a second person decides: nobody lifts a block alone.
 */
export async function decideOnObjection(
  actor: StaffActor,
  input: ObjectionDecisionInput,
  now: Instant,
): Promise<Result<true, DecisionRefusal>> {
  const scope = staffScope(actor)
  if (!scope) return err('forbidden')
  const { number, version, submitKey, decision, reasonCode } = input
  const text = input.reason?.trim()
  return inScope(scope, () =>
    actOnce<true, DecisionRefusal>(submitKey, `objection.decide:${actor.id}`, now, async (tx) => {
      const o = await find(scope, { number }, tx)
      if (!o) return err('not_found')
      if (o.version !== version) return err('stale')
      const c = o.againstId === null ? null : await caseSnapshot(scope, o.againstId, tx)
      const moved = await moveObjection(
        tx,
        o,
        actor,
        {
          move: decision,
          text,
          // A code that a move does not ask for is left out of its history.
          ...((decision === 'refuse' || decision === 'inspect') && { reasonCode }),
          foundBlockRight: c !== null && (await hasFoundRight(c, actor.id, tx)),
          ...(decision === 'uphold' && { shown: await isShown(tx, o.id) }),
        },
        now,
      )
      if (!moved.ok) return moved
      if (decision !== 'uphold') return ok(true)
      if (!c) return err('wrong_state')
      // The reporter's evidence is the case's to ask for.
      if (!(await openedProof(tx, actor.id, o.id))?.openedAt) return err('proof_unseen')
      const { check = {} } = input
      const move = 'uphold_objection' as const
      const uphold = { caseId: c.id, version: c.version, move, text, check, about: o.imei }
      const upheld = await moveCase(tx, scope, actor, uphold, now)
      return upheld.ok ? ok(true) : upheld
    }),
  )
}

/** Tells whether a photo of the screen beside the word in force came with it. */
async function isShown(tx: Tx, id: string): Promise<boolean> {
  const { wordAt } = await openFile(id, tx)
  return (await screensSince(id, wordAt, tx)) > 0
}

/** Opens papers and contact to the officer who weighs them: the holder's, and the reporter's where there is one. */
export const discloseObjection = (
  reader: StaffReader,
  input: DisclosureInput,
  now: Instant,
): Promise<Result<true, DisclosureRefusal>> =>
  openProof(
    reader,
    'objection',
    input,
    async (tx, scope) => {
      const o = await find(scope, { number: input.number }, tx)
      if (!o) return null
      const { key } = await openFile(o.id, tx)
      const holder = { key, of: 'objection', files: await countEvidence(key.caseId, tx) } as const
      const reporter = o.againstId === null ? null : await caseKeyFor(scope, o.againstId, tx)
      if (!reporter) return [holder]
      return [holder, { key: reporter, of: 'case', files: await countEvidence(reporter.caseId, tx) }]
    },
    now,
  )

export interface Inspection {
  readonly number: string
  /** The number that the phone's own screen shows. */
  readonly imei: string
  readonly reason: string
  readonly submitKey: string
}

export type InspectionRefusal = ObjectionRefusal | 'not_found' | { readonly imei: ImeiFault }

/**
 * Records that a phone was shown at a police post of any district: its holder does not know which one blocks it, and need not. The
 * officer types what the screen shows, and sees nothing of the objection but whether that is its phone.
 */
export async function inspectPhone(
  actor: StaffActor,
  input: Inspection,
  now: Instant,
): Promise<Result<'same' | 'differs', InspectionRefusal>> {
  if (!may(actor.role, 'case:decide')) return err('forbidden')
  const number = objectionNumbers.parse(input.number)
  if (!number.ok) return err('not_found')
  const seen = parseImei(input.imei)
  if (!seen.ok) return err({ imei: seen.error })
  return inScope(systemScope(), () =>
    actOnce<'same' | 'differs', InspectionRefusal>(
      input.submitKey,
      `objection.inspect:${actor.id}`,
      now,
      async (tx) => {
        const o = await find(systemScope(), { number: number.value }, tx)
        if (!o) return err('not_found')
        const reasonCode = seen.value.key === o.imei.slice(0, 14) ? 'same' : 'differs'
        const text = input.reason.trim()
        const moved = await moveObjection(tx, o, actor, { move: 'inspect', reasonCode, text }, now)
        return moved.ok ? ok(reasonCode) : moved
      },
    ),
  )
}
