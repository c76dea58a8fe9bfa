import '#server-only'
import { randomInt, randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { lockCarrier } from '../carriers/data.ts'
import { carrierExists } from '../keys/data.ts'
import {
  carrierOfDrill,
  insertDrill,
  isDrilling,
  type RunningDrill,
  runningDrill,
  saveDrill,
} from '../repository/drills.ts'
import { DRILL_REASONS, drillImei, drillState, drillStep, phaseEnd } from '../rules/drill.ts'
import { issueOrder } from './issue.ts'

export interface DrillWish {
  readonly carrierId: string
  readonly phones: number
  readonly phaseMinutes: number
  readonly submitKey: string
}
export type DrillRefusal = 'forbidden' | 'not_found' | 'running'

/**
 * Starts a drill: block orders on numbers that no phone has, in the carrier's own book, where a carrier that is not yet
 * active has them too. The first phone has two numbers. One drill a carrier at a time. Answers its id.
 */
export async function startDrill(
  actor: StaffActor,
  wish: DrillWish,
  now: Instant,
): Promise<Result<string, DrillRefusal>> {
  const scope = carrierScope(actor)
  if (!scope || !may(actor.role, 'drill:run')) return err('forbidden')
  const { carrierId, phones, phaseMinutes } = wish
  return actOnce<string, DrillRefusal>(wish.submitKey, 'drill.start', now, async (tx) => {
    if (!reachesCarrier(scope, carrierId) || !(await carrierExists(tx, carrierId))) return err('not_found')
    await lockCarrier(tx, carrierId)
    if (await isDrilling(tx, carrierId)) return err('running')
    const drill = { id: randomUUID(), carrierId, phones, phaseMinutes }
    const dueAt = phaseEnd(now, phaseMinutes)
    await insertDrill(tx, { ...drill, startedById: actor.id, startedAt: now, dueAt })
    for (let phone = 0; phone < phones; phone++) {
      const imeis = Array.from({ length: phone === 0 ? 2 : 1 }, () => drillImei((below) => randomInt(below)))
      await order(tx, drill, 'block', imeis, now)
    }
    await enqueue(tx, 'drill-step', { drillId: drill.id }, { startAfter: dueAt })
    await audit(tx, {
      actor,
      act: 'drill.start',
      subject: { kind: 'drill', id: drill.id },
      facts: { carrier: carrierId, phones, minutes: phaseMinutes },
      at: now,
    })
    return ok(drill.id)
  })
}

/** Lets a drill go on where it is due: harmless at any other time, and as often as anybody likes. */
export function stepDrill(drillId: string, now: Instant): Promise<void> {
  return transaction(async (tx) => {
    const carrierId = await carrierOfDrill(tx, drillId)
    if (carrierId === null) return
    await lockCarrier(tx, carrierId)
    const drill = await runningDrill(tx, drillId)
    const step = drillStep(drill, drill.orders, now)
    if (step === 'turn') await unblockAll(tx, { id: drillId, carrierId }, drill, now)
    if (step === 'end') await saveDrill(tx, drillId, { endedAt: now })
    if (step === null) return
    await audit(tx, {
      actor: { kind: 'system' },
      act: `drill.${step}`,
      subject: { kind: 'drill', id: drillId },
      facts: { carrier: carrierId, applied: drill.orders.filter(({ state }) => state === 'applied').length },
      at: now,
    })
  })
}

export type StopRefusal = 'forbidden' | 'not_found' | 'ended'

/**
 * Ends a drill now; needs the permission that starting one needs. What stands in the book stays. Blocks whose unblocks have
 * not followed yet are unblocked at once, so that the carrier's register ends as it was; nobody waits for their results.
 */
export async function stopDrill(
  actor: StaffActor,
  input: { readonly drillId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<null, StopRefusal>> {
  const scope = carrierScope(actor)
  if (!scope || !may(actor.role, 'drill:run')) return err('forbidden')
  const { drillId } = input
  const done = await actOnce<string, StopRefusal>(input.submitKey, 'drill.stop', now, async (tx) => {
    const carrierId = await carrierOfDrill(tx, drillId)
    if (carrierId === null || !reachesCarrier(scope, carrierId)) return err('not_found')
    await lockCarrier(tx, carrierId)
    const drill = await runningDrill(tx, drillId)
    const state = drillState(drill)
    if (state === 'ended') return err('ended')
    if (state === 'blocking') await unblockAll(tx, { id: drillId, carrierId }, drill, now)
    await saveDrill(tx, drillId, { endedAt: now, stoppedById: actor.id })
    await audit(tx, {
      actor,
      act: 'drill.stop',
      subject: { kind: 'drill', id: drillId },
      facts: { carrier: carrierId, during: state },
      at: now,
    })
    return ok(drillId)
  })
  return done.ok ? ok(null) : done
}

interface DrillOf {
  readonly id: string
  readonly carrierId: string
}

/** Orders the unblock of every block, failed ones too: so the carrier's register ends as it was. */
async function unblockAll(tx: Tx, drill: DrillOf, { orders, phaseMinutes }: RunningDrill, now: Instant) {
  const dueAt = phaseEnd(now, phaseMinutes)
  for (const { imeis } of orders) await order(tx, drill, 'unblock', imeis, now)
  await saveDrill(tx, drill.id, { turnedAt: now, dueAt })
  await enqueue(tx, 'drill-step', { drillId: drill.id }, { startAfter: dueAt })
}

const order = (
  tx: Tx,
  { id: drillId, carrierId }: DrillOf,
  action: 'block' | 'unblock',
  imeis: readonly string[],
  at: Instant,
) => issueOrder(tx, carrierId, { drillId, action, reason: DRILL_REASONS[action], at }, imeis)
