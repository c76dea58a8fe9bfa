import '#server-only'
import { findFirst, findLogged } from '#features/audit/entries/data.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { lockCarrier } from '../carriers/data.ts'
import { logLines } from './acts.ts'
import { chainOldLines, findBooksWithoutChain } from './data.ts'
import { BESIDE_MS } from './rules.ts'

/** Lines brought up in one transaction, during which nothing else can enter that book. */
const LINES_A_TRANSACTION = 500

/**
 * Gives lines written by an earlier release their place in the chain of their book, and a log entry marked as later. Each step is
 * its own transaction; the next run goes on with the rest. A line without an entry that comes long after this release began is
 * not from an earlier one: it stays unproven, so no carrier carries it out.
 */
export async function bringUpBooks(now: Instant, stop: AbortSignal): Promise<number> {
  let done = 0
  const books = await findBooksWithoutChain()
  if (books.length === 0) return 0
  const first = await findFirst('order.line')
  if (first !== null && first < addMilliseconds(now, -BESIDE_MS)) {
    log().error({ books }, 'carriers’ books have lines that nobody ordered: run audit:verify -- --data')
    return 0
  }
  for (const carrierId of books) {
    while (!stop.aborted) {
      const lines = await transaction(async (tx) => {
        await lockCarrier(tx, carrierId)
        const old = await chainOldLines(tx, carrierId, LINES_A_TRANSACTION)
        // A line that this release wrote after an old one has its log entry already, and lacks only the chain.
        const orders = old.map(({ orderId }) => orderId)
        const logged = await findLogged(tx, 'order.line', 'order', orders)
        const news = old.filter(({ orderId }) => !logged.has(orderId))
        await logLines(tx, news, now, true)
        return old.length
      })
      if (lines === 0) break
      done += lines
    }
  }
  return done
}
