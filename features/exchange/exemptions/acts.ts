import '#server-only'
import { z } from 'zod'
import { type Approvable, askApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { act, codeOf, isRefusal, logged, refuse } from '#features/audit/act.ts'
import { err, ok } from '#lib/result.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { waitsForSealing } from '../issuing/acts.ts'
import { forgetQueued, lockOrders, saveOrder } from '../orders/data.ts'
import { isOrderOpen, settlePriority } from '../orders/rules.ts'
import { exemptionSubject } from './rules.ts'

/**
 * Asks that a carrier which cannot carry out an order be exempted, with a reason that the citizen will read. The order does not
 * change until another person confirms; asking again replaces the earlier request.
 */
export const askExemption = act({
  name: 'order.exempt_asked',
  once: () => 'order.exempt_asked',
  permission: 'order:exempt',
  stepUp: 'work',
  faults: 'order',
  page: ({ orderId }) => ({ pathname: '/admin/orders/[order]', params: { order: orderId } }),
  input: z.object({
    orderId: z.uuid('general.invalid'),
    reason: z
      .string('order.reason_missing')
      .trim()
      .min(1, 'order.reason_missing')
      .max(500, 'order.reason_too_long'),
  }),
  async run({ tx, actor, input: { orderId, reason }, now }) {
    const subject = exemptionSubject(orderId)
    await lockOpen(tx, subject)
    const order = await lockOpenOrder(tx, orderId)
    if (isRefusal(order)) return order
    const { caseId, carrierId } = order
    const content = { orderId, caseId, carrierId, reason }
    const asked = await askApproval(tx, actor, exempting, { subject, content }, now)
    return asked.ok ? logged() : refuse(asked.error)
  },
})

export const exempting: Approvable<'order.exemption', 'not_found' | 'closed' | 'unsealed'> = {
  kind: 'order.exemption',
  async carryOut({ tx, request: { content, askedById }, actor, now }) {
    const order = await lockOpenOrder(tx, content.orderId)
    if (isRefusal(order)) return err(codeOf(order))
    const people = { exemptAskedById: askedById, exemptConfirmedById: actor.id }
    const settled = { state: 'exempt', settledAt: now, exemptReason: content.reason } as const
    await saveOrder(tx, order.id, { ...settled, ...people })
    if (order.state === 'queued') await forgetQueued(tx, [order])
    await enqueue(tx, 'case-settle', { caseId: order.caseId }, { priority: settlePriority(now) })
    return ok({ facts: { state: order.state } })
  },
  logs: ({ content: { orderId, caseId, carrierId } }) => ({
    acts: {
      ask: 'order.exempt_asked',
      confirm: 'order.exempt_confirmed',
      refuse: 'order.exempt_dropped',
      withdraw: 'order.exempt_dropped',
    },
    subject: { kind: 'order', id: orderId },
    caseId,
    facts: { carrier: carrierId },
  }),
}

async function lockOpenOrder(tx: Tx, orderId: string) {
  const [order] = await lockOrders(tx, [orderId])
  // Nobody waits for a drill's orders, so there is nothing to exempt.
  if (!order || order.caseId === null) return refuse('not_found')
  if (!isOrderOpen(order.state)) return refuse('closed')
  if (await waitsForSealing(tx, order.action)) return refuse('unsealed')
  return { ...order, caseId: order.caseId }
}
