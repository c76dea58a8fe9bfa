import '#server-only'
import type { Instant } from '#lib/time.ts'
import { receivedByInterface } from '../delivery/data.ts'
import type { CarrierResult, ResultAnswer } from '../rules/interface.ts'
import { recordResults } from './record-results.ts'

const BY_LETTER = 'this order comes by letter: answer it on paper'

/**
 * Records results of a carrier whose orders come by letter now, for orders that it had received by the interface before: they
 * stand in no letter, so nobody could enter them. What comes by letter is answered on paper alone. One answer a row.
 */
export async function recordResultsOnPaper(
  carrierId: string,
  rows: readonly CarrierResult[],
  now: Instant,
): Promise<ResultAnswer[]> {
  const orders = [...new Set(rows.map(({ order }) => order.toLowerCase()))]
  const open = await receivedByInterface(carrierId, orders)
  const isOpen = ({ order }: CarrierResult) => open.has(order.toLowerCase())
  const recorded = await recordResults(carrierId, rows.filter(isOpen), now)
  return rows.map((row) =>
    isOpen(row)
      ? (recorded.shift() as ResultAnswer)
      : { order: row.order, imei: row.imei, status: 'unknown', detail: BY_LETTER },
  )
}
