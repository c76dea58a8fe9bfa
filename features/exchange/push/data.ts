import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { type WebhookState, wayOf } from '../delivery/rules.ts'
import type { Failing, PushFault } from './rules.ts'

/** A range of a book with an id of its own: it stays the same until it has come through. */
export interface Message {
  readonly id: string
  readonly after: number
  readonly upTo: number
  /** The end of the book when the range was cut. */
  readonly head: number
}

export interface LockedWebhook extends Failing {
  readonly carrierId: string
  /** The carrier's name. */
  readonly carrier: string
  readonly url: string
  readonly state: WebhookState
  readonly pushes: boolean
  readonly bookHead: number
  readonly acked: number
  readonly message: Message | null
  readonly nextTryAt: Instant | null
  readonly leaseUntil: Instant | null
}

export async function webhookForUpdate(tx: Tx, carrierId: string): Promise<LockedWebhook | null> {
  await tx.$queryRaw`SELECT 1 FROM carrier_webhooks WHERE carrier_id = ${carrierId} FOR UPDATE`
  const row = await tx.carrierWebhook.findUnique({
    where: { carrierId },
    include: { carrier: { select: { name: true, way: true, bookHead: true, ackedSeq: true } } },
  })
  if (!row) return null
  const { messageId, after, upTo, head, carrier, leaseId: _, ...rest } = row
  return {
    ...rest,
    carrier: carrier.name,
    pushes: wayOf(carrier.way).sentBy === 'product',
    bookHead: Number(carrier.bookHead),
    acked: Number(carrier.ackedSeq),
    message:
      messageId === null
        ? null
        : { id: messageId, after: Number(after), upTo: Number(upTo), head: Number(head) },
  }
}

/** Gives the lease back, unless it lapsed and another process took it; returns whether it was still held. */
export async function releaseLease(
  tx: Tx,
  carrierId: string,
  leaseId: string,
  change: Partial<Failing> & {
    readonly state?: WebhookState
    readonly nextTryAt?: Instant | null
    readonly lastSuccessAt?: Instant
  } = {},
): Promise<boolean> {
  const { count } = await tx.carrierWebhook.updateMany({
    where: { carrierId, leaseId },
    data: { ...change, leaseId: null, leaseUntil: null },
  })
  return count === 1
}

export interface Try {
  readonly id: string
  readonly carrierId: string
  readonly messageId: string
  readonly after: number
  readonly upTo: number
  readonly at: Instant
  readonly fault: PushFault | null
  readonly status: number | null
  readonly tookMs: number
}

export const addTry = (tx: Tx, one: Try): Promise<void> => deferInsert(tx, 'push_tries', [one])

/** Returns the carriers for which something may be due. They are few, so a scan is fine. */
export async function listCarriersDue(now: Instant): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM carriers c JOIN carrier_webhooks w ON w.carrier_id = c.id
    WHERE c.way = 'push' AND w.state = 'live' AND c.book_head > c.acked_seq
      AND (w.next_try_at IS NULL OR w.next_try_at <= ${now})
      AND (w.lease_until IS NULL OR w.lease_until <= ${now})
    ORDER BY c.id`
  return rows.map(({ id }) => id)
}
