import '#server-only'
import {
  type Approvable,
  askApproval,
  type ConfirmRefusal,
  confirmApproval,
} from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { waitsForSealing } from '../commands/waits-for-sealing.ts'
import { forgetQueued, type LockedOrder, lockOrders, saveOrder } from '../repository/orders.ts'
import { isOpen } from '../rules/order-list.ts'
import { settlePriority } from '../rules/settlement.ts'
import { exemptionSubject } from './rules.ts'

type StateRefusal = 'not_found' | 'not_open' | 'unsealed'
export type ExemptRefusal = StateRefusal | 'forbidden' | 'reason_missing'
export type ConfirmExemptRefusal = StateRefusal | ConfirmRefusal

/**
 * Asks that a carrier which cannot carry out an order be exempted, with a reason that the citizen will read.
 * Nothing changes for the order until another person confirms it; asking again replaces what was asked.
 */
export async function askExemption(
  actor: StaffActor,
  input: { readonly orderId: string; readonly reason: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<null, ExemptRefusal>> {
  if (!may(actor.role, 'order:exempt')) return err('forbidden')
  const { orderId, submitKey } = input
  const done = await actOnce<string, ExemptRefusal>(submitKey, 'order.exempt_asked', now, async (tx) => {
    const subject = exemptionSubject(orderId)
    await lockOpen(tx, subject)
    const order = await lockOpenOrder(tx, orderId)
    if (!order.ok) return order
    const reason = input.reason.trim()
    if (reason === '') return err('reason_missing')
    const { caseId, carrierId } = order.value
    const content = { orderId, caseId, carrierId, reason }
    const asked = await askApproval(tx, actor, exempting, { subject, content }, now)
    return asked.ok ? ok(orderId) : err('forbidden')
  })
  return done.ok ? ok(null) : done
}

/** The order counts as settled, and the citizen is shown its reason. */
export const exempting: Approvable<'order.exemption', StateRefusal> = {
  kind: 'order.exemption',
  async carryOut({ tx, request: { content, askedById }, actor, now }) {
    const found = await lockOpenOrder(tx, content.orderId)
    if (!found.ok) return found
    const { value: order } = found
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

/** Confirms an exemption as the person read it: one of several on a page. */
export const confirmExemption = (
  actor: StaffActor,
  input: { readonly approvalId: string; readonly digest: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, ConfirmExemptRefusal>> => confirmApproval(actor, exempting, input, now)

async function lockOpenOrder(
  tx: Tx,
  orderId: string,
): Promise<Result<LockedOrder & { readonly caseId: string }, StateRefusal>> {
  const [order] = await lockOrders(tx, [orderId])
  // Nobody waits for a drill: there is nothing to exempt from.
  if (!order || order.caseId === null) return err('not_found')
  if (!isOpen(order.state)) return err('not_open')
  if (await waitsForSealing(tx, order.action)) return err('unsealed')
  return ok({ ...order, caseId: order.caseId })
}
