import '#server-only'
import { replaceApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { exemptionSubject } from '../exemptions/rules.ts'
import { isOvertaken, linesOf } from '../repository/book.ts'
import { lockCarrier } from '../repository/carriers.ts'
import { carrierOfOrder, lockOrders, saveOrder } from '../repository/orders.ts'
import { issueOrder } from './issue.ts'
import { waitsForSealing } from './waits-for-sealing.ts'

export type RetryRefusal = 'forbidden' | 'not_found' | 'not_failed' | 'overtaken' | 'unsealed'

/**
 * Orders a failed order's IMEIs once more: a new order takes its place. Refused when a later order already speaks
 * of one of them, so that repeating an old block can never undo a newer unblock. Answers the new order's id.
 */
export async function retryOrder(
  actor: StaffActor,
  input: { readonly orderId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, RetryRefusal>> {
  if (!may(actor.role, 'order:retry')) return err('forbidden')
  return actOnce<string, RetryRefusal>(input.submitKey, 'order.retry', now, async (tx) => {
    const exemption = await lockOpen(tx, exemptionSubject(input.orderId))
    const carrierId = await carrierOfOrder(tx, input.orderId)
    if (carrierId === null) return err('not_found')
    await lockCarrier(tx, carrierId)
    const [order] = await lockOrders(tx, [input.orderId])
    if (order?.state !== 'failed') return err('not_failed')
    // A drill shows what was refused, and goes on.
    if (order.caseId === null) return err('not_found')
    if (await waitsForSealing(tx, order.action)) return err('unsealed')
    if (await isOvertaken(tx, order.id)) return err('overtaken')
    const lines = await linesOf(tx, [order.id])
    const imeis = lines.map(({ imei }) => imei)
    // All lines of an order end at the same time.
    const expiresAt = lines[0]?.expiresAt
    const { caseId, action, reason } = order
    const request = { caseId, action, reason, at: now, ...(expiresAt && { expiresAt }) }
    const retryId = await issueOrder(tx, carrierId, request, imeis, { retryOfId: order.id })
    await saveOrder(tx, order.id, { state: 'superseded' })
    if (exemption) await replaceApproval(tx, actor, exemption, {}, now)
    await audit(tx, {
      actor,
      act: 'order.retry',
      subject: { kind: 'order', id: order.id },
      caseId: order.caseId,
      facts: { carrier: carrierId, by: retryId },
      at: now,
    })
    return ok(retryId)
  })
}
