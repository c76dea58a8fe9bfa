import { Time } from '#components/ui/time.tsx'
import { TimeLeft } from '#features/cases/queue/due.tsx'
import type { WayOnPaper } from '#features/exchange/letters/rules.ts'
import { isAnswerable, isOrderOpen, type OrderState } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'

/**
 * Shows how much time a carrier has left for an order; null once it is done. For an order that waits to be sent it
 * shows the due time without a countdown, because the carrier owes nothing yet.
 */
export function OrderDue({
  order: { state, dueAt, paper },
}: {
  readonly order: {
    readonly state: OrderState
    readonly dueAt: Instant
    /** The stage that the order has reached, where it goes by letter. */
    readonly paper?: WayOnPaper | null
  }
}) {
  if (!isOrderOpen(state)) return null
  if (isAnswerable(state) || paper) return <TimeLeft due={dueAt} now={new Date()} />
  return <Time at={dueAt} form="stamp" />
}
