import '#server-only'
import { confirmApproval } from '#features/approvals/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyFor } from '#platform/idempotency/commands.ts'
import { askExemption, exempting } from '../exemptions/acts.ts'
import { retryOrder } from '../orders/acts.ts'
import { MOST_AT_ONCE } from '../rules/bulk.ts'

/** Says what became of one of several orders. */
export interface RowOutcome {
  readonly orderId: string
  /** Null where it was done. */
  readonly error: string | null
  /** The order that took its place. */
  readonly newId: string | null
}

/**
 * Does an act to several orders, each in a transaction of its own and under the same rules as alone. An order that has
 * changed meanwhile is refused, and the others go on. Each row has a key made from the form's: the same form sent again
 * has the same answer.
 */
async function eachOrder(
  orderIds: readonly string[],
  submitKey: string,
  act: (input: { orderId: string; submitKey: string }) => Promise<Result<string | null, string>>,
): Promise<RowOutcome[]> {
  const outcomes: RowOutcome[] = []
  for (const orderId of [...new Set(orderIds)].slice(0, MOST_AT_ONCE)) {
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

/** Sends rejected orders again, as {@link retryOrder} does one. */
export const retryOrders = (actor: StaffActor, { orderIds, submitKey }: Chosen, now: Instant) =>
  eachOrder(orderIds, submitKey, (input) => retryOrder(actor, input, now))

/** Asks that carriers be exempted from orders, all for one reason, as {@link askExemption} does of one. */
export const askExemptions = (
  actor: StaffActor,
  { orderIds, submitKey, reason }: Chosen & { readonly reason: string },
  now: Instant,
) => eachOrder(orderIds, submitKey, (input) => askExemption(actor, { ...input, reason }, now))

/**
 * Confirms what another person asked, each as it was read.
 *
 * @param read what the person read, by order
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
