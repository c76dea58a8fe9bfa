import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { lockCarrier } from '../carriers/data.ts'
import {
  comparePage,
  deleteReconciliations,
  findReconciliation,
  isComparedWhole,
  openDifferences,
  pageEnd,
  type Reconciliation,
  saveDifferences,
  saveReconciliation,
} from '../repository/reconciliations.ts'
import { REPAIRABLE, type RepairKind } from '../rules/reconciliation.ts'
import { repeatOrder } from './issue.ts'
import { waitsForSealing } from './waits-for-sealing.ts'

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
    const end = await pageEnd(tx, one, PHONES_A_TRANSACTION)
    const counts = await comparePage(tx, one, end)
    const added = Object.entries(counts).map(([kind, count]) => [kind, { increment: count }])
    await saveReconciliation(tx, id, { ...Object.fromEntries(added), comparedTo: end })
    return true
  })

export type RepairRefusal = 'forbidden' | 'not_found' | 'not_done' | 'asked' | 'unsealed'

/**
 * Asks that differences of a kind be repaired by new orders: what is missing is blocked again, what is extra is lifted
 * again. History stays as it is. A block among them goes through the guard like any other.
 */
export async function askRepair(
  actor: StaffActor,
  input: { readonly id: string; readonly kind: RepairKind; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, RepairRefusal>> {
  if (!may(actor.role, 'order:retry')) return err('forbidden')
  const { id, kind } = input
  const act = `reconciliation.repair:${actor.id}`
  return actOnce<string, RepairRefusal>(input.submitKey, act, now, async (tx) => {
    const one = await findReconciliation(id, tx)
    if (!one) return err('not_found')
    await lockCarrier(tx, one.carrierId)
    const current = (await findReconciliation(id, tx)) ?? one
    if (current.state !== 'done') return err('not_done')
    if (askedBy(current, kind) !== null) return err('asked')
    if (kind === 'missing' && (await waitsForSealing(tx, 'block'))) return err('unsealed')
    const asked = kind === 'missing' ? { repairMissingById: actor.id } : { repairExtraById: actor.id }
    await saveReconciliation(tx, id, asked)
    await enqueue(tx, 'reconcile', { id })
    const facts = { carrier: one.carrierId, kind, orders: current[kind] }
    await audit(tx, {
      actor,
      act: 'reconciliation.repair_asked',
      subject: { kind: 'reconciliation', id },
      facts,
      at: now,
    })
    return ok(one.carrierId)
  })
}

const askedBy = (one: Reconciliation, kind: RepairKind): string | null =>
  kind === 'missing' ? one.repairMissingById : one.repairExtraById

const repairStep = (id: string, kind: RepairKind, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    const one = await findReconciliation(id, tx)
    if (one?.state !== 'done' || askedBy(one, kind) === null) return false
    await lockCarrier(tx, one.carrierId)
    const open = await openDifferences(tx, id, kind, REPAIRS_A_TRANSACTION)
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

/** Deletes up to 20 lists that were uploaded before an instant; returns how many. */
export const forgetReconciliations = (before: Instant): Promise<number> => deleteReconciliations(before)
