import '#server-only'
import type { Tx } from '#platform/db.ts'
import { lettersOfOrders } from '../repository/letters.ts'
import { type LetterNumber, stateOnPaper, type WayOnPaper, wayOnPaper } from '../rules/letter.ts'
import type { OrderState } from '../rules/order.ts'
import { type DeliveryWay, wayOf } from '../rules/ways.ts'

interface Order {
  readonly id: string
  readonly state: OrderState
  readonly carrier: { readonly way: DeliveryWay }
}

/** The way of an order on paper, with the letters that its lines stand in. */
export interface Paper extends WayOnPaper {
  readonly letters: readonly (LetterNumber & { readonly id: string })[]
}

/**
 * Returns orders as they stand in truth: what goes on paper is in the book from the start, and is sent when its letter
 * is. `paper` is null for what went another way.
 */
export async function asOnPaper<T extends Order>(
  orders: readonly T[],
  tx?: Tx,
): Promise<(T & { readonly paper: Paper | null })[]> {
  const lines = Map.groupBy(
    await lettersOfOrders(
      orders.map(({ id }) => id),
      tx,
    ),
    ({ orderId }) => orderId,
  )
  return orders.map((order) => {
    const stands = lines.get(order.id) ?? []
    const letters = stands.flatMap(({ letter }) => letter ?? [])
    const waits = order.state === 'sent' && wayOf(order.carrier.way).sentOnce === 'handed_over'
    if (letters.length === 0 && !waits) return { ...order, paper: null }
    const way = wayOnPaper(stands.map(({ letter }) => letter))
    return { ...order, state: waits ? stateOnPaper(way) : order.state, paper: { ...way, letters } }
  })
}
