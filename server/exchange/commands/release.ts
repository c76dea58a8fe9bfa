import '#server-only'
import type { StaffActor } from '#domain/access/actor.ts'
import { may } from '#domain/access/roles.ts'
import type { AuditAct } from '#domain/audit/acts.ts'
import type { ReleaseWish } from '#domain/exchange/guard.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import type { Tx } from '#server/platform/db.ts'
import { enqueue } from '#server/platform/queue.ts'
import { actOnce } from '#server/submissions/commands.ts'
import { lockRelease, type Release, saveRelease } from '../repository/releases.ts'
import { mustWait } from './must-wait.ts'

export type ReleaseRefusal =
  | 'forbidden'
  | 'not_found'
  | 'decided'
  | 'not_asked'
  | 'reason_missing'
  | 'changed'
  | 'own_request'
  | 'not_guarded'
  | 'unsealed'

interface Act {
  readonly releaseId: string
  readonly submitKey: string
}

/**
 * Asks that what the guard stopped be sent, or be withheld for the reason given. Nothing happens until another person
 * confirms it; blocks that come from now on wait in a release of their own, so that the other one confirms what the
 * first has seen. Asking again replaces what was asked: that is how a second person disagrees.
 */
export function askRelease(
  actor: StaffActor,
  input: Act & { readonly wish: ReleaseWish; readonly reason: string },
  now: Instant,
): Promise<Result<null, ReleaseRefusal>> {
  const reason = input.reason.trim()
  return onRelease(actor, input, 'release.asked', now, async (tx, release) => {
    if (release.cause !== 'guard') return err('not_guarded')
    if (reason === '') return err('reason_missing')
    const asked = { wish: input.wish, reason, askedById: actor.id, askedAt: now }
    await saveRelease(tx, release.id, { ...asked, state: 'asked' })
    return ok({ wish: input.wish })
  })
}

/**
 * Confirms what somebody else asked, as the one who confirms has read it: what was changed meanwhile is not confirmed
 * by mistake. The worker then sends the orders, or withholds them and returns their cases to the police.
 */
export function confirmRelease(
  actor: StaffActor,
  input: Act & { readonly wish: string; readonly reason: string },
  now: Instant,
): Promise<Result<null, ReleaseRefusal>> {
  return onRelease(actor, input, 'release.confirmed', now, async (tx, release) => {
    if (release.state !== 'asked' || release.wish === null) return err('not_asked')
    if (release.askedById === actor.id) return err('own_request')
    if (release.wish !== input.wish || release.reason !== input.reason) return err('changed')
    if (release.wish === 'sending' && (await mustWait(tx, 'block'))) return err('unsealed')
    await decideOn(tx, release, release.wish, actor.id, now)
    return ok({ wish: release.wish })
  })
}

/** Sends a carrier's batch now: nothing about it is unusual, so one person is enough. */
export function sendBatch(
  actor: StaffActor,
  input: Act,
  now: Instant,
): Promise<Result<null, ReleaseRefusal>> {
  return onRelease(actor, input, 'release.batch_sent', now, async (tx, release) => {
    if (release.cause !== 'choice') return err('not_asked')
    if (await mustWait(tx, 'block')) return err('unsealed')
    await decideOn(tx, release, 'sending', actor.id, now)
    return ok({ carrier: release.carrierId })
  })
}

async function decideOn(
  tx: Tx,
  { id }: Release,
  state: ReleaseWish,
  decidedById: string,
  at: Instant,
): Promise<void> {
  await saveRelease(tx, id, { state, decidedById, decidedAt: at })
  await enqueue(tx, 'order-release', {})
}

async function onRelease(
  actor: StaffActor,
  input: Act,
  act: AuditAct,
  now: Instant,
  work: (
    tx: Tx,
    release: Release,
  ) => Promise<Result<Readonly<Record<string, string | null>>, ReleaseRefusal>>,
): Promise<Result<null, ReleaseRefusal>> {
  if (!may(actor.role, 'order:release')) return err('forbidden')
  const done = await actOnce<string, ReleaseRefusal>(input.submitKey, act, now, async (tx) => {
    const release = await lockRelease(tx, input.releaseId)
    if (!release) return err('not_found')
    if (release.state !== 'waiting' && release.state !== 'asked') return err('decided')
    const worked = await work(tx, release)
    if (!worked.ok) return worked
    const subject = { kind: 'release', id: release.id } as const
    await audit(tx, { actor, act, subject, facts: worked.value, at: now })
    return ok(release.id)
  })
  return done.ok ? ok(null) : done
}
