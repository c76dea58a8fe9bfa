import '#server-only'
import { randomInt, randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, logged, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { refuseOutside } from '../carriers/acts.ts'
import { lockCarrier } from '../carriers/data.ts'
import { issueOrder } from '../issuing/acts.ts'
import { carrierExists } from '../keys/data.ts'
import { findCarrierOfDrill, findRunningDrill, type RunningDrill } from './data.ts'
import { DRILL_PHASES, DRILL_PHONES, DRILL_REASONS, drillImei, drillState, phaseEnd } from './rules.ts'

const phases: readonly number[] = DRILL_PHASES
const onDrills = { permission: 'drill:run', faults: 'drill' } as const
const drillPage = (drill: string) => ({ pathname: '/admin/drills/[drill]', params: { drill } }) as const

/**
 * Starts a drill: block orders for numbers that no phone has, in the carrier's own book. Carriers that are not active yet can
 * have drills too. The first phone has two numbers. One drill per carrier at a time. Returns the drill's id.
 */
export const startDrill = act({
  ...onDrills,
  name: 'drill.start',
  once: () => 'drill.start',
  page: (_, drill) => drillPage(drill),
  input: z.object({
    carrierId: z.string('drill.carrier').min(1, 'drill.carrier').max(40, 'drill.carrier'),
    phones: z.coerce
      .number<string | number>('drill.phones')
      .int('drill.phones')
      .min(DRILL_PHONES.min, 'drill.phones')
      .max(DRILL_PHONES.max, 'drill.phones'),
    phaseMinutes: z.coerce
      .number<string | number>('drill.phase')
      .refine((one) => phases.includes(one), 'drill.phase'),
  }),
  async run({ tx, actor, input: { carrierId, phones, phaseMinutes }, now }) {
    if (refuseOutside(actor, carrierId) || !(await carrierExists(tx, carrierId)))
      return refuse('not_found', 'carrierId')
    await lockCarrier(tx, carrierId)
    if ((await tx.drill.count({ where: { carrierId, endedAt: null } })) > 0)
      return refuse('running', 'carrierId')
    const drill = { id: randomUUID(), carrierId, phones, phaseMinutes }
    const dueAt = phaseEnd(now, phaseMinutes)
    const data = { ...drill, startedById: actor.id, startedAt: now, dueAt }
    await tx.drill.create({ data, select: { id: true } })
    for (let phone = 0; phone < phones; phone++) {
      const imeis = Array.from({ length: phone === 0 ? 2 : 1 }, () => drillImei((below) => randomInt(below)))
      await order(tx, drill, 'block', imeis, now)
    }
    await enqueue(tx, 'drill-step', { drillId: drill.id }, { startAfter: dueAt })
    const facts = { carrier: carrierId, phones, minutes: phaseMinutes }
    const subject = { kind: 'drill', id: drill.id } as const
    await audit(tx, { actor, act: 'drill.start', subject, facts, at: now })
    return logged(drill.id)
  },
})

/**
 * Ends a drill now; needs the same permission as starting one. Its lines stay in the book. Blocks without an unblock are
 * unblocked at once, so that the carrier's register ends as it was; nobody waits for these results.
 */
export const stopDrill = act({
  ...onDrills,
  name: 'drill.stop',
  once: () => 'drill.stop',
  page: ({ drillId }) => drillPage(drillId),
  input: z.object({ drillId: z.uuid('general.invalid') }),
  subject: {
    async lock(tx: Tx, { drillId }: { readonly drillId: string }, actor: StaffActor) {
      const carrierId = await findCarrierOfDrill(tx, drillId)
      if (carrierId === null || refuseOutside(actor, carrierId)) return refuse('not_found')
      await lockCarrier(tx, carrierId)
      return { ...(await findRunningDrill(tx, drillId)), id: drillId, carrierId }
    },
    entry: ({ id, carrierId }: DrillOf) => ({
      subject: { kind: 'drill', id },
      facts: { carrier: carrierId },
    }),
  },
  async run({ tx, subject: drill, actor, now }) {
    const state = drillState(drill)
    if (state === 'ended') return refuse('closed')
    if (state === 'blocking') await unblockAll(tx, drill, drill, now)
    const data = { endedAt: now, stoppedById: actor.id }
    await tx.drill.update({ where: { id: drill.id }, data, select: { id: true } })
    return { during: state }
  },
})

interface DrillOf {
  readonly id: string
  readonly carrierId: string
}

/** Orders the unblock of every block, also of failed ones, so that the carrier's register ends as it was. */
export async function unblockAll(
  tx: Tx,
  drill: DrillOf,
  { orders, phaseMinutes }: RunningDrill,
  now: Instant,
) {
  const dueAt = phaseEnd(now, phaseMinutes)
  for (const { imeis } of orders) await order(tx, drill, 'unblock', imeis, now)
  await tx.drill.update({ where: { id: drill.id }, data: { turnedAt: now, dueAt }, select: { id: true } })
  await enqueue(tx, 'drill-step', { drillId: drill.id }, { startAfter: dueAt })
}

const order = (
  tx: Tx,
  { id: drillId, carrierId }: DrillOf,
  action: 'block' | 'unblock',
  imeis: readonly string[],
  at: Instant,
) => issueOrder(tx, carrierId, { drillId, action, reason: DRILL_REASONS[action], at }, imeis)
