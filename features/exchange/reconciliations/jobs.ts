import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { lockCarrier } from '../carriers/data.ts'
import { repeatOrder } from '../issuing/acts.ts'
import type { OrderAction, OrderReason } from '../orders/rules.ts'
import {
  comparePage,
  findReconciliation,
  findRepairAsker,
  LAST,
  saveDifferences,
  saveReconciliation,
} from './data.ts'
import { REPAIRABLE, type RepairKind } from './rules.ts'

const PHONES_A_TRANSACTION = 20_000
const REPAIRS_A_TRANSACTION = 50

/**
 * Compares a list, then repairs what was asked for. Each step is its own transaction and stores its progress, so after a stop the
 * next run goes on.
 */
export async function reconcile(id: string, now: Instant, stop: AbortSignal): Promise<void> {
  await repeat(() => compareStep(id, now), stop)
  for (const kind of REPAIRABLE) await repeat(() => repairStep(id, kind, now), stop)
  // The queue runs it again.
  if (stop.aborted) throw new Error('stopped')
}

async function repeat(step: () => Promise<boolean>, stop: AbortSignal): Promise<void> {
  let more = true
  while (more && !stop.aborted) more = await step()
}

const compareStep = (id: string, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    const one = await findReconciliation(id, tx)
    if (one?.state !== 'comparing') return false
    if (one.comparedTo === LAST) {
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
    const { end, counts } = await comparePage(tx, one, PHONES_A_TRANSACTION)
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
    // Phones of one order are ordered again together.
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

interface OpenDifference {
  readonly key14: string
  readonly orderId: string
  readonly imei: string
  readonly caseId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  readonly expiresAt: Instant | null
  /** The book has a later line on it, or a repair of it waits to go out. */
  readonly overtaken: boolean
}

/** Returns some unrepaired differences with the book's last line on each. The carrier's row is locked. */
const findOpenDifferences = (tx: Tx, reconciliationId: string, kind: RepairKind, limit: number) =>
  tx.$queryRaw<OpenDifference[]>`
    SELECT d.key14::text, d.order_id AS "orderId", line.imei::text, o.case_id AS "caseId", line.action::text,
      line.reason::text, line.expires_at AS "expiresAt", (
        EXISTS (SELECT 1 FROM book_entries later
          WHERE later.carrier_id = line.carrier_id AND later.imei = line.imei AND later.seq > line.seq)
        OR EXISTS (SELECT 1 FROM carrier_orders again JOIN queued_orders q ON q.order_id = again.id
          WHERE again.repair_of_id = o.id AND line.imei = ANY (q.imeis))
      ) AS overtaken
    FROM differences d
    JOIN carrier_orders o ON o.id = d.order_id
    JOIN book_entries line ON line.order_id = o.id AND left(line.imei::text, 14) = d.key14::text
    WHERE d.reconciliation_id = ${reconciliationId}::uuid AND d.kind = ${kind}::difference_kind
      AND d.repair_id IS NULL AND NOT d.overtaken
    ORDER BY d.key14 LIMIT ${limit}`
