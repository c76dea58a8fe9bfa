import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { AuditAct } from '#features/audit/rules/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { forgetQueued, type LockedOrder, lockOrders, saveOrder } from '../repository/orders.ts'
import { isOpen } from '../rules/order-list.ts'
import { settlePriority } from '../rules/settlement.ts'
import { waitsForSealing } from './waits-for-sealing.ts'

export type ExemptRefusal =
  | 'forbidden'
  | 'not_found'
  | 'not_open'
  | 'not_asked'
  | 'reason_missing'
  | 'reason_changed'
  | 'own_request'
  | 'unsealed'

/**
 * Asks that a carrier which cannot carry out an order be exempted, with a reason that the citizen will read.
 * Nothing changes for the order until another person confirms it; asking again replaces what was asked.
 */
export function askExemption(
  actor: StaffActor,
  input: { readonly orderId: string; readonly reason: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<null, ExemptRefusal>> {
  return onOpenOrder(actor, input, 'order.exempt_asked', now, async (tx, order) => {
    const reason = input.reason.trim()
    if (reason === '') return err('reason_missing')
    await saveOrder(tx, order.id, { exemptReason: reason, exemptAskedById: actor.id })
    return ok(null)
  })
}

/**
 * Confirms what another person asked: the order counts as settled, and the citizen is shown its reason. `reason` is the
 * one that the confirming person read; where it was changed meanwhile, nothing is confirmed.
 */
export function confirmExemption(
  actor: StaffActor,
  input: { readonly orderId: string; readonly reason: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<null, ExemptRefusal>> {
  return onOpenOrder(actor, input, 'order.exempt_confirmed', now, async (tx, order) => {
    if (order.exemptAskedById === null) return err('not_asked')
    if (order.exemptAskedById === actor.id) return err('own_request')
    if (order.exemptReason !== input.reason) return err('reason_changed')
    await saveOrder(tx, order.id, { state: 'exempt', exemptConfirmedById: actor.id, settledAt: now })
    if (order.state === 'queued') await forgetQueued(tx, [order])
    await enqueue(tx, 'case-settle', { caseId: order.caseId }, { priority: settlePriority(now) })
    return ok(null)
  })
}

type CaseOrder = LockedOrder & { readonly caseId: string }

async function onOpenOrder(
  actor: StaffActor,
  input: { readonly orderId: string; readonly submitKey: string },
  act: AuditAct,
  now: Instant,
  work: (tx: Tx, order: CaseOrder) => Promise<Result<null, ExemptRefusal>>,
): Promise<Result<null, ExemptRefusal>> {
  if (!may(actor.role, 'order:exempt')) return err('forbidden')
  const done = await actOnce<string, ExemptRefusal>(input.submitKey, act, now, async (tx) => {
    const [order] = await lockOrders(tx, [input.orderId])
    // Nobody waits for a drill: there is nothing to exempt from.
    if (!order || order.caseId === null) return err('not_found')
    if (!isOpen(order.state)) return err('not_open')
    if (await waitsForSealing(tx, order.action)) return err('unsealed')
    const worked = await work(tx, { ...order, caseId: order.caseId })
    if (!worked.ok) return worked
    await audit(tx, {
      actor,
      act,
      subject: { kind: 'order', id: order.id },
      caseId: order.caseId,
      facts: { carrier: order.carrierId, state: order.state },
      at: now,
    })
    return ok(order.id)
  })
  return done.ok ? ok(null) : done
}
