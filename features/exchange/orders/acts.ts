import '#server-only'
import { z } from 'zod'
import { replaceApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { act, answer, refuse } from '#features/audit/act.ts'
import type { Tx } from '#platform/db.ts'
import { lockCarrier } from '../carriers/data.ts'
import { issueOrder } from '../commands/issue.ts'
import { waitsForSealing } from '../commands/waits-for-sealing.ts'
import { exemptionSubject } from '../exemptions/rules.ts'
import { isOvertaken, linesOf } from '../repository/book.ts'
import { carrierOfOrder, lockOrders, saveOrder } from '../repository/orders.ts'

/**
 * Orders a failed order's IMEIs once more: a new order takes its place. Refused when a later order already speaks
 * of one of them, so that repeating an old block can never undo a newer unblock. Answers the new order's id.
 */
export const retryOrder = act({
  name: 'order.retry',
  once: () => 'order.retry',
  permission: 'order:retry',
  faults: 'order',
  page: (_, order) => ({ pathname: '/admin/orders/[order]', params: { order } }),
  input: z.object({ orderId: z.uuid('general.invalid') }),
  subject: {
    async lock(tx: Tx, { orderId }: { readonly orderId: string }) {
      const exemption = await lockOpen(tx, exemptionSubject(orderId))
      const carrierId = await carrierOfOrder(tx, orderId)
      if (carrierId === null) return refuse('not_found')
      await lockCarrier(tx, carrierId)
      const [order] = await lockOrders(tx, [orderId])
      if (order?.state !== 'failed') return refuse('not_failed')
      // A drill shows what was refused, and goes on.
      if (order.caseId === null) return refuse('not_found')
      if (await waitsForSealing(tx, order.action)) return refuse('unsealed')
      return { ...order, caseId: order.caseId, exemption }
    },
    entry: ({ id, caseId, carrierId }: { id: string; caseId: string; carrierId: string }) => ({
      subject: { kind: 'order', id },
      caseId,
      facts: { carrier: carrierId },
    }),
  },
  async run({ tx, actor, subject: { exemption, ...order }, now }) {
    if (await isOvertaken(tx, order.id)) return refuse('overtaken')
    const lines = await linesOf(tx, [order.id])
    const imeis = lines.map(({ imei }) => imei)
    // All lines of an order end at the same time.
    const expiresAt = lines[0]?.expiresAt
    const { caseId, carrierId, action, reason } = order
    const request = { caseId, action, reason, at: now, ...(expiresAt && { expiresAt }) }
    const retryId = await issueOrder(tx, carrierId, request, imeis, { retryOfId: order.id })
    await saveOrder(tx, order.id, { state: 'superseded' })
    if (exemption) await replaceApproval(tx, actor, exemption, {}, now)
    return answer(retryId, { by: retryId })
  },
})
