import '#server-only'
import { audit } from '#features/audit/commands.ts'
import { lockCase } from '#features/cases/commands/lock.ts'
import { moveCase } from '#features/cases/commands/move.ts'
import { keptBox } from '#features/cases/rules/last-box.ts'
import { lawsInForce } from '#features/lookup-tables/queries.ts'
import { notify } from '#features/notices/commands.ts'
import type { Actor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { widenScope } from '#platform/scope.ts'
import { addEvent, countWaiting, type ObjectionFile, objectionCalendar, openFile, save } from '../data.ts'
import { objectionBox, unitForHolder } from '../rules/last-box.ts'
import {
  decideObjection,
  type ObjectionRefusal,
  type ObjectionRequest,
  type ObjectionTransition,
} from '../rules/lifecycle.ts'
import type { ObjectionSnapshot } from '../rules/state.ts'

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
  await write(tx, o, file, change, actor, request.text, now)
  const ended = change.set.waiting === false && o.againstId
  return ended && (await endWithLast(tx, o.againstId, now)) === 'stale' ? err('stale') : ok(file)
}

async function write(
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
