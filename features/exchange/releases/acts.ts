import '#server-only'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import type { ContentOf } from '#features/approvals/rules.ts'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { err, ok } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { askOfCarrier, tellDone } from '../carriers/acts.ts'
import { waitsForSealing } from '../issuing/acts.ts'
import { lockRelease, type Release, saveRelease } from './data.ts'
import { RELEASE_MODES, type ReleaseMode, readTimes, releaseSubject } from './rules.ts'

const ofRelease = z.object({ releaseId: z.uuid('general.invalid') })

const onRelease = {
  permission: 'order:release',
  stepUp: 'work',
  faults: 'release',
  page: ({ releaseId }: z.output<typeof ofRelease>) =>
    ({ pathname: '/admin/orders/releases/[release]', params: { release: releaseId } }) as const,
  subject: {
    async lock(tx: Tx, { releaseId }: z.output<typeof ofRelease>) {
      await lockOpen(tx, releaseSubject(releaseId))
      const release = await lockRelease(tx, releaseId)
      if (!release) return refuse('not_found')
      return release.state === 'waiting' || release.state === 'asked' ? release : refuse('done')
    },
    entry: ({ id }: Release) => ({ subject: { kind: 'release', id } as const }),
  },
} as const

/**
 * Asks that a release which the guard stopped be sent, be withheld for a reason, or be sent without the cases in `withheld`. The
 * last may also be asked for a carrier's batch. Nothing happens until another person confirms. New blocks wait in another
 * release, so that the second person confirms what the first one saw. A second person who disagrees makes another request, which
 * replaces this one.
 */
export const askRelease = act({
  ...onRelease,
  name: 'release.asked',
  once: () => 'release.asked',
  input: ofRelease.extend({
    outcome: z.enum(['sending', 'withholding'], 'general.invalid'),
    withheld: z
      .union([
        z.uuid('general.invalid').transform((id) => [id]),
        z.array(z.uuid('general.invalid')).readonly(),
      ])
      .default([]),
    reason: z
      .string('release.reason_missing')
      .trim()
      .min(1, 'release.reason_missing')
      .max(500, 'release.reason_too_long'),
  }),
  async run({ tx, subject: release, actor, input: { reason, ...input }, now }) {
    const chosen = [...new Set(input.withheld)]
    if (release.cause !== 'guard' && !mayAskOfBatch(release, input.outcome, chosen))
      return refuse('not_guarded')
    if (input.outcome === 'withholding' && chosen.length > 0) return refuse('some_and_all')
    const waiting = chosen.length === 0 ? [] : await findCasesWaiting(tx, release.id)
    if (chosen.some((id) => !waiting.includes(id))) return refuse('gone')
    // If every case is chosen, the whole release is withheld.
    const all = chosen.length > 0 && chosen.length === waiting.length
    const outcome = all ? 'withholding' : input.outcome
    const withheld = all ? [] : chosen.toSorted()
    const content = { releaseId: release.id, outcome, reason, withheld }
    const asked = await askApproval(
      tx,
      actor,
      decidingRelease,
      { subject: releaseSubject(release.id), content },
      now,
    )
    if (!asked.ok) return refuse(asked.error)
    if (release.state === 'waiting') await saveRelease(tx, release.id, { state: 'asked' })
    return logged()
  },
})

async function findCasesWaiting(tx: Tx, releaseId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT case_id AS id FROM carrier_orders
    WHERE release_id = ${releaseId}::uuid AND state = 'queued' AND case_id IS NOT NULL`
  return rows.map(({ id }) => id)
}

/** Checks whether a request is allowed for a batch: only to leave out some of its cases. One person alone sends it whole. */
const mayAskOfBatch = (release: Release, outcome: string, chosen: readonly string[]): boolean =>
  outcome === 'sending' && (chosen.length > 0 || release.state === 'asked')

/** The worker then sends the orders, or withholds them and returns their cases to the police. */
export const decidingRelease: Approvable<'order.release', 'done' | 'unsealed'> = {
  kind: 'order.release',
  async carryOut({ tx, request, actor, now }) {
    const { releaseId, outcome, reason, withheld } = request.content
    const release = await lockRelease(tx, releaseId)
    if (release?.state !== 'asked') return err('done')
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
 * Sends a carrier's batch now. One person is enough, because nothing about it is unusual. Once somebody asked to leave out a
 * case, two people decide.
 */
export const sendBatch = act({
  ...onRelease,
  name: 'release.batch_sent',
  once: () => 'release.batch_sent',
  input: ofRelease,
  async run({ tx, subject: release, actor, now }) {
    if (release.cause !== 'choice') return refuse('not_asked')
    if (release.state !== 'waiting') return refuse('changed')
    if (await waitsForSealing(tx, 'block')) return refuse('unsealed')
    await decideOn(tx, release, { state: 'sending' }, actor.id, now)
    return { carrier: release.carrierId }
  },
})

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

/**
 * Sets how blocks go out to one or all carriers: at once, when a person of the relay sends them, or at times of the day. A
 * waiting batch goes out at once when the mode becomes `automatic`. One person may keep back the blocks of one carrier; more at a
 * time need a second person.
 */
export const setReleaseMode = act({
  name: 'carrier.release_mode',
  permission: 'order:release',
  stepUp: 'work',
  faults: 'release',
  page: (_, value) => (value === 'requested' ? '/admin/approvals' : '/admin/orders/releases'),
  input: z.object({
    /** Empty means every carrier. */
    carrierId: z
      .string()
      .max(40)
      .nullable()
      .transform((id) => id || null),
    releaseMode: z.enum(RELEASE_MODES, 'general.invalid'),
    releaseTimes: z.string().max(200, 'release.times_invalid').default(''),
  }),
  async run({ tx, actor, input: { carrierId, releaseMode, releaseTimes: typed }, now }) {
    const releaseTimes = releaseMode === 'at_times' ? readTimes(typed) : []
    if (releaseTimes === null) return refuse('times_invalid', 'releaseTimes')
    const carriers = await tx.$queryRaw<{ id: string; mode: ReleaseMode }[]>`
      SELECT id, release_mode::text AS mode FROM carriers ORDER BY id FOR UPDATE`
    const modes = new Map(carriers.map(({ id, mode }) => [id, mode]))
    if (carrierId !== null && !modes.has(carrierId)) return refuse('not_found')
    const content = { carrierId, releaseMode, releaseTimes }
    if (stopsSeveral(modes, content)) {
      const asked = await askOfCarrier(tx, actor, 'carrier.mode', content, now)
      return asked.ok ? logged('requested') : refuse(asked.error)
    }
    return (await changeMode(tx, actor.id, content, now)) ? logged('done') : refuse('not_found')
  },
})

/** Checks whether blocks would no longer go out by themselves at several carriers at once: that takes a second person. */
function stopsSeveral(
  modes: ReadonlyMap<string, ReleaseMode>,
  { carrierId, releaseMode }: { readonly carrierId: string | null; readonly releaseMode: ReleaseMode },
): boolean {
  if (releaseMode === 'automatic') return false
  if (carrierId === null) return modes.size > 1
  return [...modes].some(([id, mode]) => id !== carrierId && mode !== 'automatic')
}

export const newMode: Approvable<'carrier.mode', 'not_found'> = {
  kind: 'carrier.mode',
  async carryOut(of) {
    const {
      tx,
      request: { content, askedById },
      now,
    } = of
    if (!(await changeMode(tx, askedById, content, now))) return err('not_found')
    await tellDone(of)
    return ok({})
  },
}

async function changeMode(
  tx: Tx,
  actorId: string,
  { carrierId, releaseMode, releaseTimes }: ContentOf<'carrier.mode'>,
  now: Instant,
): Promise<boolean> {
  const changed = await tx.carrier.updateManyAndReturn({
    ...(carrierId !== null && { where: { id: carrierId } }),
    data: { releaseMode, releaseTimes },
    select: { id: true },
  })
  for (const { id } of changed) {
    const facts = { mode: releaseMode, times: releaseTimes.join(' ') }
    const entry = { actor: { kind: 'staff', id: actorId }, subject: { kind: 'carrier', id } } as const
    await audit(tx, { ...entry, act: 'carrier.release_mode', facts, at: now })
  }
  await enqueue(tx, 'order-release', {})
  return changed.length > 0
}
