import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { lockCarrier } from '../carriers/data.ts'
import { repeatOrder } from '../issuing/acts.ts'
import {
  comparePage,
  findOpenDifferences,
  findPageEnd,
  findReconciliation,
  findRepairAsker,
  isComparedWhole,
  saveDifferences,
  saveReconciliation,
} from './data.ts'
import { REPAIRABLE, type RepairKind } from './rules.ts'

/** Phones compared, and differences repaired, in one transaction. */
const PHONES_A_TRANSACTION = 20_000
const REPAIRS_A_TRANSACTION = 50

/**
 * Compares a list, and repairs what was asked for. Each step is a transaction of its own that says how far it has come:
 * whenever it is stopped, the next run goes on.
 */
export async function reconcile(id: string, now: Instant, stop: AbortSignal): Promise<void> {
  await repeat(() => compareStep(id, now), stop)
  for (const kind of REPAIRABLE) await repeat(() => repairStep(id, kind, now), stop)
  // The queue runs it again.
  if (stop.aborted) throw new Error('stopped')
}

/** Runs a step until it has nothing left to do, or is told to stop. */
async function repeat(step: () => Promise<boolean>, stop: AbortSignal): Promise<void> {
  let more = true
  while (more && !stop.aborted) more = await step()
}

const compareStep = (id: string, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    const one = await findReconciliation(id, tx)
    if (one?.state !== 'comparing') return false
    if (isComparedWhole(one)) {
      await saveReconciliation(tx, id, { state: 'done' })
      const { phones, missing, extra, foreign } = one
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'reconciliation.compared',
        subject: { kind: 'reconciliation', id },
        facts: { carrier: one.carrierId, phones, missing, extra, foreign },
        at: now,
      })
      return false
    }
    const end = await findPageEnd(tx, one, PHONES_A_TRANSACTION)
    const counts = await comparePage(tx, one, end)
    const added = Object.entries(counts).map(([kind, count]) => [kind, { increment: count }])
    await saveReconciliation(tx, id, { ...Object.fromEntries(added), comparedTo: end })
    return true
  })

const repairStep = (id: string, kind: RepairKind, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    const one = await findReconciliation(id, tx)
    if (one?.state !== 'done' || findRepairAsker(one, kind) === null) return false
    await lockCarrier(tx, one.carrierId)
    const open = await findOpenDifferences(tx, id, kind, REPAIRS_A_TRANSACTION)
    const over = open.filter(({ overtaken }) => overtaken).map(({ key14 }) => key14)
    if (over.length > 0) await saveDifferences(tx, id, kind, over, { overtaken: true })
    // The phones of one order are ordered again together.
    const byOrder = Map.groupBy(
      open.filter(({ overtaken }) => !overtaken),
      ({ orderId }) => orderId,
    )
    for (const [orderId, phones] of byOrder) {
      const [{ caseId, action, reason, expiresAt }] = phones as [(typeof phones)[number]]
      const imeis = phones.map(({ imei }) => imei)
      const request = { caseId, action, reason, imeis, at: now, ...(expiresAt && { expiresAt }) }
      const repairId = await repeatOrder(tx, one.carrierId, request, orderId)
      const keys = phones.map(({ key14 }) => key14)
      await saveDifferences(tx, id, kind, keys, { repairId })
      await audit(tx, {
        actor: { kind: 'system' },
        act: 'order.repaired',
        subject: { kind: 'order', id: orderId },
        caseId,
        facts: { carrier: one.carrierId, by: repairId, reconciliation: id },
        at: now,
      })
    }
    return open.length > 0
  })
