import '#server-only'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { waitsForSealing } from '../commands/waits-for-sealing.ts'
import { casesWaiting, lockRelease, type Release, saveRelease } from '../repository/releases.ts'
import type { ReleaseOutcome } from '../rules/guard.ts'
import { releaseSubject } from './rules.ts'

export type ReleaseRefusal =
  | 'forbidden'
  | 'not_found'
  | 'decided'
  | 'not_asked'
  | 'reason_missing'
  | 'changed'
  | 'not_guarded'
  | 'case_gone'
  | 'some_and_all'
  | 'unsealed'

interface Act {
  readonly releaseId: string
  readonly submitKey: string
}

/**
 * Asks that a release which the guard stopped be sent, or be withheld for a reason, or be sent without the cases in
 * `withheld`. The last may also be asked of a carrier's batch. Nothing happens until another person confirms it. Blocks
 * that come from now on wait in another release, so that the second person confirms what the first one has seen. A
 * second person who disagrees asks for something else, which replaces the request.
 */
export function askRelease(
  actor: StaffActor,
  input: Act & {
    readonly outcome: ReleaseOutcome
    readonly reason: string
    /** Ids of cases. */
    readonly withheld?: readonly string[]
  },
  now: Instant,
): Promise<Result<null, ReleaseRefusal>> {
  const reason = input.reason.trim()
  const chosen = [...new Set(input.withheld)]
  return onRelease(actor, input, 'release.asked', now, async (tx, release) => {
    if (release.cause !== 'guard' && !mayAskOfBatch(release, input.outcome, chosen)) return err('not_guarded')
    if (reason === '') return err('reason_missing')
    if (input.outcome === 'withholding' && chosen.length > 0) return err('some_and_all')
    const waiting = chosen.length === 0 ? [] : await casesWaiting(tx, release.id)
    if (chosen.some((id) => !waiting.includes(id))) return err('case_gone')
    // Where every case is chosen, the whole release is withheld.
    const all = chosen.length > 0 && chosen.length === waiting.length
    const outcome = all ? 'withholding' : input.outcome
    const withheld = all ? [] : chosen.toSorted()
    const content = { releaseId: release.id, outcome, reason, withheld }
    const asked = await askApproval(
      tx,
      actor,
      deciding,
      { subject: releaseSubject(release.id), content },
      now,
    )
    if (!asked.ok) return err('forbidden')
    if (release.state === 'waiting') await saveRelease(tx, release.id, { state: 'asked' })
    return ok(null)
  })
}

/** Tells whether a batch may be asked about: only to leave out some of its cases. One person alone sends it whole. */
const mayAskOfBatch = (release: Release, outcome: ReleaseOutcome, chosen: readonly string[]): boolean =>
  outcome === 'sending' && (chosen.length > 0 || release.state === 'asked')

/** The worker then sends the orders, or withholds them and returns their cases to the police. */
export const deciding: Approvable<'order.release', 'decided' | 'unsealed'> = {
  kind: 'order.release',
  async carryOut({ tx, request, actor, now }) {
    const { releaseId, outcome, reason, withheld } = request.content
    const release = await lockRelease(tx, releaseId)
    if (release?.state !== 'asked') return err('decided')
    if (outcome === 'sending' && (await waitsForSealing(tx, 'block'))) return err('unsealed')
    const { askedById, askedAt } = request
    const asked = { requestedOutcome: outcome, reason, withheldCaseIds: withheld, askedById, askedAt }
    await decideOn(tx, release, { ...asked, state: outcome }, actor.id, now)
    return ok({})
  },
  logs: ({ content: { releaseId, outcome, withheld } }) => ({
    acts: {
      ask: 'release.asked',
      confirm: 'release.confirmed',
      refuse: 'release.dropped',
      withdraw: 'release.dropped',
    },
    subject: { kind: 'release', id: releaseId },
    facts: { outcome, withheld: String(withheld.length) },
  }),
}

/**
 * Sends a carrier's batch now. One person is enough, because nothing about it is unusual. Where somebody has asked to
 * leave out one of its cases, two people decide.
 */
export function sendBatch(
  actor: StaffActor,
  input: Act,
  now: Instant,
): Promise<Result<null, ReleaseRefusal>> {
  return onRelease(actor, input, 'release.batch_sent', now, async (tx, release) => {
    if (release.cause !== 'choice') return err('not_asked')
    if (release.state !== 'waiting') return err('changed')
    if (await waitsForSealing(tx, 'block')) return err('unsealed')
    await decideOn(tx, release, { state: 'sending' }, actor.id, now)
    return ok({ carrier: release.carrierId })
  })
}

async function decideOn(
  tx: Tx,
  { id }: Release,
  decision: Parameters<typeof saveRelease>[2],
  decidedById: string,
  at: Instant,
): Promise<void> {
  await saveRelease(tx, id, { ...decision, decidedById, decidedAt: at })
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
  ) => Promise<Result<Readonly<Record<string, string | null>> | null, ReleaseRefusal>>,
): Promise<Result<null, ReleaseRefusal>> {
  if (!may(actor.role, 'order:release')) return err('forbidden')
  const done = await actOnce<string, ReleaseRefusal>(input.submitKey, act, now, async (tx) => {
    await lockOpen(tx, releaseSubject(input.releaseId))
    const release = await lockRelease(tx, input.releaseId)
    if (!release) return err('not_found')
    if (release.state !== 'waiting' && release.state !== 'asked') return err('decided')
    const worked = await work(tx, release)
    if (!worked.ok) return worked
    const subject = { kind: 'release', id: release.id } as const
    // What is asked is in the log with its request.
    if (worked.value) await audit(tx, { actor, act, subject, facts: worked.value, at: now })
    return ok(release.id)
  })
  return done.ok ? ok(null) : done
}
