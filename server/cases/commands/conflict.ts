import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { type CaseScope, systemScope } from '#domain/access/scope.ts'
import type { CaseSnapshot } from '#domain/case/snapshot.ts'
import type { CaseRefusal } from '#domain/case/transition.ts'
import { err, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import type { Tx } from '#server/platform/db.ts'
import { widen } from '#server/platform/scope.ts'
import { find, lockOpponents, openFile } from '../repository.ts'
import { type CaseMove, endConflicts, moveCase } from './move.ts'

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
  // The other case may be of another district: accepting reaches it on the strength of this decision alone.
  await widen(tx, systemScope())
  const against = await lockOpponents(tx, input.caseId, await keysOf(tx, accepted.value), false)
  if (against.length === 0) return err('no_conflict')
  for (const other of against) {
    if (other.held === 'conflict') continue
    const move = { caseId: other.id, version: other.version, move: 'contested' } as const
    const contested = await moveCase(tx, systemScope(), actor, move, now)
    if (!contested.ok) return contested
  }
  return accepted
}

/**
 * City police uphold one of the cases held over a phone. `first` is the case with the primary claim and `second`
 * the counter-claim that is shown, or the oldest one where the first is shown. Every case that stands against the
 * upheld one is rejected with the same words; one that only stood against a rejected case is free again.
 */
export async function resolveConflict(
  tx: Tx,
  scope: CaseScope,
  actor: StaffActor,
  input: Decision & { readonly uphold: 'first' | 'second' },
  now: Instant,
): Promise<Result<CaseSnapshot, CaseRefusal>> {
  const found = await find(scope, { id: input.caseId }, tx)
  if (!found) return err('forbidden')
  const others = await lockOpponents(tx, found.id, await keysOf(tx, found), true)
  // Read again: somebody may have settled it while we waited for the lock.
  const shown = await find(scope, { id: found.id }, tx)
  if (shown?.version !== input.version) return err('stale')
  const winner = upheldOf(shown, others, input.uphold)
  if (!winner) return err('no_conflict')
  const losers = await lockOpponents(tx, winner.id, await keysOf(tx, winner), true)
  const words = { text: input.text, note: input.note }
  for (const { id, version } of losers) {
    const move = { caseId: id, version, move: 'overruled', reasonCode: 'other_claim', ...words } as const
    const overruled = await moveCase(tx, scope, actor, move, now)
    if (!overruled.ok) return overruled
  }
  const move = { caseId: winner.id, version: winner.version, move: 'upheld', ...words } as const
  const upheld = await moveCase(tx, scope, actor, move, now)
  if (!upheld.ok) return upheld
  for (const loser of losers) await endConflicts(tx, loser.id, await keysOf(tx, loser), now)
  return upheld
}

function upheldOf(
  shown: CaseSnapshot,
  others: readonly CaseSnapshot[],
  uphold: 'first' | 'second',
): CaseSnapshot | null {
  const first = [shown, ...others].find((one) => one.primaryClaim)
  if (uphold === 'first') return first ?? null
  if (!shown.primaryClaim) return shown
  const [oldest] = others.toSorted((a, b) => a.submittedAt.getTime() - b.submittedAt.getTime())
  return oldest ?? null
}

const keysOf = async (tx: Tx, c: CaseSnapshot): Promise<string[]> =>
  (await openFile(c, tx)).imeis.map((imei) => imei.key14)
