import '#server-only'
import { z } from 'zod'
import { confirmApproval, replaceApproval } from '#features/approvals/acts.ts'
import { lockOpen } from '#features/approvals/data.ts'
import { act, answer, refuse } from '#features/audit/act.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { keyFor } from '#platform/idempotency/commands.ts'
import { linesOf } from '../book/data.ts'
import { lockCarrier } from '../carriers/data.ts'
import { askExemption, exempting } from '../exemptions/acts.ts'
import { exemptionSubject } from '../exemptions/rules.ts'
import { issueOrder, waitsForSealing } from '../issuing/acts.ts'
import { lockOrders, saveOrder } from './data.ts'
import { MOST_ORDERS_AT_ONCE } from './rules.ts'

/**
 * Orders a failed order's IMEIs again; the new order replaces it. Refused if a later order names one of them, so that repeating
 * an old block can never undo a newer unblock. Returns the new order's id.
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
      const found = await tx.carrierOrder.findFirst({ where: { id: orderId }, select: { carrierId: true } })
      if (!found) return refuse('not_found')
      await lockCarrier(tx, found.carrierId)
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
    // All lines of an order expire together.
    const expiresAt = lines[0]?.expiresAt
    const { caseId, carrierId, action, reason } = order
    const request = { caseId, action, reason, at: now, ...(expiresAt && { expiresAt }) }
    const retryId = await issueOrder(tx, carrierId, request, imeis, { retryOfId: order.id })
    await saveOrder(tx, order.id, { state: 'superseded' })
    if (exemption) await replaceApproval(tx, actor, exemption, {}, now)
    return answer(retryId, { by: retryId })
  },
})

/** Checks whether a later line of the same book names one of this order's IMEIs: the order is then no longer in force. */
async function isOvertaken(tx: Tx, orderId: string): Promise<boolean> {
  const later = await tx.$queryRaw<unknown[]>`
    SELECT 1 FROM book_entries mine
    JOIN book_entries theirs ON theirs.carrier_id = mine.carrier_id AND theirs.imei = mine.imei
      AND theirs.seq > mine.seq AND theirs.order_id <> mine.order_id
    WHERE mine.order_id = ${orderId}::uuid LIMIT 1`
  return later.length > 0
}

export interface RowOutcome {
  readonly orderId: string
  /** Null if it succeeded. */
  readonly error: string | null
  /** The order that replaced it. */
  readonly newId: string | null
}

/**
 * Does an act to several orders, each in its own transaction and by the same rules as for one. An order that changed meanwhile is
 * refused, and the others go on. Each row's key derives from the form's, so the same form sent again gives the same answer.
 */
async function eachOrder(
  orderIds: readonly string[],
  submitKey: string,
  act: (input: { orderId: string; submitKey: string }) => Promise<Result<string | null, string>>,
): Promise<RowOutcome[]> {
  const outcomes: RowOutcome[] = []
  for (const orderId of [...new Set(orderIds)].slice(0, MOST_ORDERS_AT_ONCE)) {
    const done = await act({ orderId, submitKey: keyFor(submitKey, orderId) })
    outcomes.push({
      orderId,
      error: done.ok ? null : done.error,
      newId: done.ok ? done.value : null,
    })
  }
  return outcomes
}

interface Chosen {
  readonly orderIds: readonly string[]
  readonly submitKey: string
}

export const retryOrders = (actor: StaffActor, { orderIds, submitKey }: Chosen, now: Instant) =>
  eachOrder(orderIds, submitKey, (input) => retryOrder(actor, input, now))

export const askExemptions = (
  actor: StaffActor,
  { orderIds, submitKey, reason }: Chosen & { readonly reason: string },
  now: Instant,
) => eachOrder(orderIds, submitKey, (input) => askExemption(actor, { ...input, reason }, now))

/**
 * Confirms several exemptions that another person asked for, each as the reader saw it.
 *
 * @param read what the person saw, by order
 */
export const confirmExemptions = (
  actor: StaffActor,
  {
    read,
    submitKey,
  }: {
    readonly read: ReadonlyMap<string, { readonly approvalId: string; readonly digest: string }>
    readonly submitKey: string
  },
  now: Instant,
) =>
  eachOrder([...read.keys()], submitKey, async ({ orderId, submitKey }) => {
    const seen = read.get(orderId)
    if (!seen) return err('request_gone')
    const done = await confirmApproval(actor, exempting, { ...seen, submitKey }, now)
    return done.ok ? ok(null) : done
  })
