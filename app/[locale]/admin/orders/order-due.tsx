import { Time } from '#components/ui/time.tsx'
import { TimeLeft } from '#features/cases/queue/due.tsx'
import type { WayOnPaper } from '#features/exchange/letters/rules.ts'
import { isAnswerable, isOrderOpen, type OrderState } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'

/**
 * Shows a carrier's remaining time for an order; null once it is done. An order that waits to be sent has its due time without a
 * countdown, because the carrier owes nothing yet.
 */
export function OrderDue({
  order: { state, dueAt, paper },
}: {
  readonly order: {
    readonly state: OrderState
    readonly dueAt: Instant
    /** Stage of an order that goes by letter. */
    readonly paper?: WayOnPaper | null
  }
}) {
  if (!isOrderOpen(state)) return null
  if (isAnswerable(state) || paper) return <TimeLeft due={dueAt} now={new Date()} />
  return <Time at={dueAt} form="stamp" />
}
