import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { lockBlockingCase, lockCase } from '#features/cases/claims/acts.ts'
import { wasFoundRight } from '#features/cases/conflict/data.ts'
import { type LateWords, tellRefusedFile } from '#features/cases/messages/acts.ts'
import { discardUnkept, moveCase } from '#features/cases/moves/acts.ts'

import { keptBox } from '#features/cases/remedies/last-box-rules.ts'
import { keepEvidence, type ReceivedFile } from '#features/evidence/files/acts.ts'
import type { EvidenceKind } from '#features/evidence/files/rules.ts'
import { lawsInForce } from '#features/lookup-tables/data.ts'
import { type NoticeParams, type NoticeTemplate, notify } from '#features/notices/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { CaseKey } from '#platform/crypto.ts'
import { type Tx, transaction, uniqueViolation } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { inScope, widenScope } from '#platform/scope.ts'
import {
  addObjectionEvent,
  findAgainst,
  findObjection,
  type ObjectionFile,
  openObjectionFile,
  readObjectionCalendar,
} from './data.ts'
import type { HolderAct, ObjectionRefusal } from './moves-rules.ts'
import { objectionBox, unitForHolder } from './page-rules.ts'
import {
  decideObjection,
  type ObjectionRequest,
  type ObjectionSnapshot,
  type ObjectionTransition,
} from './rules.ts'

/**
 * Makes one move on an objection, with its event, audit entry and message, in the caller's transaction. The caller found the
 * objection within a scope. When the move ends the last waiting objection to a case's block, it also updates the case.
 */
export async function moveObjection(
  tx: Tx,
  o: ObjectionSnapshot,
  actor: Actor,
  request: ObjectionRequest,
  now: Instant,
): Promise<Result<null, ObjectionRefusal>> {
  const decided = decideObjection(o, request, actor, await readObjectionCalendar(now, tx))
  if (!decided.ok) return decided
  const change = decided.value
  const { count } = await tx.objection.updateMany({
    where: { id: o.id, version: change.version },
    data: { ...change.set, version: { increment: 1 } },
  })
  // The objection has changed since it was read.
  if (count === 0) return err('changed')
  await writeMove(tx, o, change, actor, request.text, now)
  const ended = change.set.waiting === false && o.againstId
  return ended && (await endOnCase(tx, o.againstId, o.id, now)) === 'changed' ? err('changed') : ok(null)
}

async function writeMove(
  tx: Tx,
  o: ObjectionSnapshot,
  { move, to, version, set, reasonCode, textIsPublic }: ObjectionTransition,
  actor: Actor,
  text: string | undefined,
  at: Instant,
): Promise<void> {
  const file = await openObjectionFile(o.id, tx)
  const staff = actor.kind === 'staff' ? actor : null
  const message = textIsPublic && text ? text : undefined
  const ended = {
    ...{ move, at, actorKind: actor.kind, reasonCode },
    actorRole: staff?.role ?? null,
    actorUnitId: staff?.unitId ?? null,
  }
  const words = message ? { message } : text ? { reason: text } : {}
  await addObjectionEvent(tx, file.key, { ...ended, seq: version + 1, actorId: staff?.id ?? null, words })
  await audit(tx, {
    actor,
    act: `objection.${move}`,
    subject: { kind: 'objection', id: o.id },
    ...(o.againstId && { caseId: o.againstId }),
    facts: { from: o.state, to, version: version + 1, reasonCode },
    at,
  })
  // A finding that is not final is only for police.
  if (move === 'uphold' || move === 'inspect') return
  const box = objectionBox(o, ended, lawsInForce().remedies, at)
  const until = move === 'remind_reply' ? o.dueAt : set.hearingUntil
  const params = {
    ...(message && { message }),
    ...(reasonCode && { reasonCode }),
    ...(box && { last: { box: keptBox(box), unit: unitForHolder(box) } }),
    ...(until && { until: until.toISOString() }),
  }
  await tellHolder(tx, o, file, `objection_${move}`, params, at)
}

const tellHolder = (
  tx: Tx,
  { number }: Pick<ObjectionSnapshot, 'number'>,
  { key, holder, locale }: ObjectionFile,
  template: NoticeTemplate,
  params: Omit<NoticeParams, 'number'>,
  at: Instant,
): Promise<void> =>
  notify(tx, { key, to: holder.contact, template, locale, params: { number, ...params }, at })

/**
 * Records on a case that its last objection is over, or the one that was found right. Does nothing if the block has ended by
 * itself, or if another objection waits and this one was not found right.
 */
async function endOnCase(
  tx: Tx,
  caseId: string,
  objectionId: string,
  now: Instant,
): Promise<'told' | 'changed'> {
  // The holder's scope hides other people's objections to the same block.
  await widenScope(tx, systemScope())
  // Waits for a concurrent transaction that ends or sends another objection to this case.
  await lockCase(tx, caseId)
  const othersWait = (await findAgainst(tx, caseId, { waiting: true })).length > 0
  if (othersWait && !(await wasFoundRight(tx, caseId, objectionId))) return 'told'
  const move = othersWait ? 'finding_over' : 'objection_over'
  const input = { caseId, version: null, move } as const
  const over = await moveCase(tx, systemScope(), { kind: 'system' }, input, now)
  return !over.ok && over.error === 'changed' ? 'changed' : 'told'
}

interface HolderMove {
  /** The objection's key, under which the caller has received the files. */
  readonly key: CaseKey
  readonly version: number
  readonly act: HolderAct
  readonly message: string
  readonly submitKey: string
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
}

export type HolderRefusal = ObjectionRefusal | 'too_many' | 'gone' | 'not_blocked' | 'open_already'

/**
 * Carries out one act of a holder on their own objection, with its files, once per `submitKey`. Files that are not kept
 * are removed from the store.
 */
export async function actAsHolder(
  scope: CaseScope,
  move: HolderMove,
  now: Instant,
): Promise<Result<null, HolderRefusal>> {
  const done = await inScope(scope, () => attempt(scope, move, now)).catch((error: unknown) => {
    // Another objection of this holder was opened in the meantime.
    if (move.act === 'renew' && uniqueViolation(error)) return err('open_already' as const)
    throw error
  })
  await discardUnkept(move.files, done)
  return done.ok ? ok(null) : done
}

const attempt = (
  scope: CaseScope,
  { key, version, act, message: text, submitKey, kind, files }: HolderMove,
  now: Instant,
) =>
  actOnce<{ kept: string[] }, HolderRefusal>(submitKey, `objection.${key.caseId}.holder`, now, async (tx) => {
    const actor = { kind: 'citizen' } as const
    const o = await findObjection(scope, { id: key.caseId }, tx)
    if (!o) return err('forbidden')
    if (!(await isAsSeen(tx, o, version))) return err('changed')
    const moved = await moveObjection(tx, o, actor, { move: act, text }, now)
    if (!moved.ok) return moved
    const again = act === 'renew' ? await objectAgain(tx, o, now) : ok(null)
    if (!again.ok) return again
    if (files.length === 0) return ok({ kept: [] })
    const stored = await keepEvidence(tx, { key, actor, kind, files, eventSeq: o.version + 1 }, now)
    if (!stored.ok) return stored
    const { repeated } = stored.value
    return ok({ kept: files.filter((file) => !repeated.includes(file)).map((file) => file.id) })
  })

/**
 * Returns whether an objection is still the version that its holder saw. Changes by clocks do not count: they happen while the
 * holder writes, and the rules decide whether the act is still possible.
 */
const isAsSeen = async (tx: Tx, o: ObjectionSnapshot, seen: number): Promise<boolean> =>
  (await tx.objectionEvent.count({
    where: { objectionId: o.id, seq: { gt: seen }, actorKind: 'system' },
  })) ===
  o.version - seen

/**
 * Objects to the case's block again, for a renewed look, and tells the case's reporter again. Refused if that
 * block is no longer in force.
 */
async function objectAgain(
  tx: Tx,
  { imei, againstId }: ObjectionSnapshot,
  now: Instant,
): Promise<Result<null, 'not_blocked' | 'changed'>> {
  await widenScope(tx, systemScope())
  const c = await lockBlockingCase(tx, imei.slice(0, 14))
  if (c === null || c.id !== againstId) return err('not_blocked')
  const input = { caseId: c.id, version: c.version, move: 'objected' } as const
  const moved = await moveCase(tx, systemScope(), { kind: 'system' }, input, now)
  return moved.ok ? ok(null) : err(moved.error === 'changed' ? 'changed' : 'not_blocked')
}

export async function lockObjection(tx: Tx, id: string): Promise<ObjectionSnapshot | null> {
  await tx.$queryRaw`SELECT 1 FROM objections WHERE id = ${id}::uuid FOR NO KEY UPDATE`
  return findObjection(systemScope(), { id }, tx)
}

/** Tells the holder that police are late with their objection, or how their complaint was answered. */
export const tellHolderOfLateness = async (
  tx: Tx,
  o: Pick<ObjectionSnapshot, 'id' | 'number'>,
  template: 'objection_late' | 'objection_late_answered',
  words: LateWords,
  now: Instant,
): Promise<void> => tellHolder(tx, o, await openObjectionFile(o.id, tx), template, words, now)

/**
 * Asks the person of the case or objection with this id for a replacement of an infected file. The writer of a draft sees the
 * request beside the file.
 */
export const askForAnotherFile = (id: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () =>
    transaction(async (tx) => {
      if (await tellRefusedFile(tx, id, now)) return
      const o = await findObjection(systemScope(), { id }, tx)
      if (o) await tellHolder(tx, o, await openObjectionFile(id, tx), 'objection_file_refused', {}, now)
    }),
  )
