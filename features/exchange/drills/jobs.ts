import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { lockCarrier } from '../carriers/data.ts'
import { unblockAll } from './acts.ts'
import { findCarrierOfDrill, findRunningDrill } from './data.ts'
import { drillStep } from './rules.ts'

/** Runs the step of a drill that is due. Harmless at any other time and when repeated. */
export function stepDrill(drillId: string, now: Instant): Promise<void> {
  return transaction(async (tx) => {
    const carrierId = await findCarrierOfDrill(tx, drillId)
    if (carrierId === null) return
    await lockCarrier(tx, carrierId)
    const drill = await findRunningDrill(tx, drillId)
    const step = drillStep(drill, drill.orders, now)
    if (step === 'turn') await unblockAll(tx, { id: drillId, carrierId }, drill, now)
    if (step === 'end')
      await tx.drill.update({ where: { id: drillId }, data: { endedAt: now }, select: { id: true } })
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
