import '#server-only'
import { audit, auditAll } from '#features/audit/entries/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { signal } from '#platform/signals.ts'
import { sha256 } from '#platform/signatures.ts'
import { lockAcknowledgement } from '../carriers/data.ts'
import { type DeliveryWay, wayOf } from '../delivery/rules.ts'
import { raiseCarrierFlag, resolveFlag } from '../flags/acts.ts'
import { goesBack } from '../flags/rules.ts'
import { acknowledgeOrders } from '../orders/data.ts'
import type { OrderAction } from '../orders/rules.ts'
import { appendToBook, type HashedLine, type NewLines } from './data.ts'
import { caseText } from './rules.ts'

/** Seconds after which the log is sealed once for all blocks ordered meanwhile. The delay lets the seal include them. */
const SEALED_WITHIN = 2

/**
 * Enters orders in their carriers' books and in the log, and wakes waiting requests and the job that delivers them. The log is
 * sealed seconds after a block, because carriers carry out no block without its proof.
 */
export async function enterInBooks(
  tx: Tx,
  action: OrderAction,
  orders: readonly NewLines[],
  now: Instant,
): Promise<void> {
  const { ways, lines } = await appendToBook(tx, action, orders)
  await logLines(tx, lines, now)
  if (action !== 'unblock')
    await enqueue(tx, 'audit-seal', {}, { singletonSeconds: SEALED_WITHIN, startAfter: SEALED_WITHIN })
  await signal(tx, 'book', ...ways.keys())
  for (const [carrierId, way] of ways) await carryOut(tx, carrierId, way)
}

/**
 * Writes the log entries of all lines in one statement.
 *
 * @param later true for lines that were in the book before they were in the log
 */
export const logLines = (tx: Tx, lines: readonly HashedLine[], at: Instant, later = false): Promise<void> =>
  auditAll(
    tx,
    lines.map(({ carrierId, seq, orderId, caseId, hash }) => ({
      actor: { kind: 'system' },
      act: 'order.line',
      subject: { kind: 'order', id: orderId },
      facts: {
        carrier: carrierId,
        seq: Number(seq),
        lineHash: hex(hash),
        caseHash: caseId && hex(sha256(Buffer.from(caseText(caseId, orderId)))),
        ...(later && { later }),
      },
      at,
    })),
  )

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

/** Wakes the delivery job of a carrier's way, if it has one. */
export async function carryOut(tx: Tx, carrierId: string, way: DeliveryWay): Promise<void> {
  const { offer: job } = wayOf(way)
  if (job !== null) await enqueue(tx, job, { carrierId })
}

/**
 * Records that a carrier has received its book up to a sequence; returns the highest sequence acknowledged so far. An older
 * acknowledgement changes nothing but flags the carrier, which may have lost part of its book.
 */
export async function acknowledge(
  carrierId: string,
  upTo: number,
  now: Instant,
): Promise<Result<number, 'beyond_head'>> {
  return transaction((tx) => acknowledgeIn(tx, carrierId, upTo, now))
}

/**
 * Acknowledges in the caller's transaction. `by` is the person or system that acknowledges, such as a person of the relay with a
 * letter's receipt.
 */
export async function acknowledgeIn(
  tx: Tx,
  carrierId: string,
  upTo: number,
  now: Instant,
  by: Actor = { kind: 'carrier', id: carrierId },
): Promise<Result<number, 'beyond_head'>> {
  const known = await lockAcknowledgement(tx, carrierId)
  const { head, acked } = known
  if (upTo > head) return err('beyond_head')
  if (goesBack(upTo, known, now))
    await raiseCarrierFlag(tx, { carrierId, kind: 'ack_back', facts: { upTo, acked }, at: now })
  else if (upTo >= acked) await resolveFlag(tx, carrierId, 'ack_back', now)
  if (upTo <= acked) return ok(acked)
  const orders = await acknowledgeOrders(tx, carrierId, acked, upTo, now)
  const data = { ackedSeq: upTo, ackedAt: now }
  await tx.carrier.update({ where: { id: carrierId }, data, select: { id: true } })
  await audit(tx, {
    actor: by,
    act: 'carrier.acknowledge',
    subject: { kind: 'carrier', id: carrierId },
    facts: { from: acked, upTo, orders },
    at: now,
  })
  return ok(upTo)
}
