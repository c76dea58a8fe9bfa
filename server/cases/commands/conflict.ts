import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { type CaseScope, systemScope } from '#domain/access/scope.ts'
import type { CaseRefusal } from '#domain/case/lifecycle.ts'
import type { CaseSnapshot } from '#domain/case/snapshot.ts'
import { err, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { find, openFile, opponents } from '../repository.ts'
import { type CaseMove, moveCase } from './move.ts'

type Decision = Pick<CaseMove, 'caseId' | 'version' | 'text' | 'note'>

/** Accepts a counter-claim: it and every case it stands against are held until city police uphold one. */
export async function acceptCounterclaim(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  input: Decision,
  now: Instant,
): Promise<Result<CaseSnapshot, CaseRefusal>> {
  const accepted = await moveCase(tx, scope, actor, { ...input, move: 'accept_counterclaim' }, now)
  if (!accepted.ok) return accepted
  const against = await opponents(tx, input.caseId, await keysOf(tx, accepted.value), false)
  if (against.length === 0) return err('no_conflict')
  for (const other of against) {
    if (other.held === 'conflict') continue
    // The other case may be of another district: accepting reaches it on the strength of this decision alone.
    const contested = await moveCase(
      tx,
      systemScope(),
      { ...actor, areaId: other.areaId },
      { caseId: other.id, version: other.version, move: 'contested' },
      now,
    )
    if (!contested.ok) return contested
  }
  return accepted
}

/**
 * City police uphold one of the cases held over a phone. `first` is the case with the primary claim and
 * `second` the counter-claim; every case that is not upheld is rejected with the same words.
 */
export async function resolveConflict(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  input: Decision & { readonly uphold: 'first' | 'second' },
  now: Instant,
): Promise<Result<CaseSnapshot, CaseRefusal>> {
  const shown = await find(scope, { id: input.caseId }, tx)
  if (!shown) return err('forbidden')
  if (shown.version !== input.version) return err('stale')
  const held = [shown, ...(await opponents(tx, shown.id, await keysOf(tx, shown), true))]
  const first = held.find((one) => one.primaryClaim)
  const second = shown.primaryClaim ? held.find((one) => !one.primaryClaim) : shown
  const winner = input.uphold === 'first' ? first : second
  if (!winner) return err('no_conflict')
  const words = { text: input.text, note: input.note }
  for (const loser of held.filter((one) => one.id !== winner.id)) {
    const overruled = await moveCase(
      tx,
      scope,
      actor,
      { caseId: loser.id, version: loser.version, move: 'overruled', reasonCode: 'other_claim', ...words },
      now,
    )
    if (!overruled.ok) return overruled
  }
  return moveCase(
    tx,
    scope,
    actor,
    { caseId: winner.id, version: winner.version, move: 'upheld', ...words },
    now,
  )
}

const keysOf = async (tx: Tx, c: CaseSnapshot): Promise<string[]> =>
  (await openFile(c, tx)).imeis.map((imei) => imei.key14)
