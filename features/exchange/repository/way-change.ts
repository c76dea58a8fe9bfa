import '#server-only'
import { db, type Tx } from '#platform/db.ts'
import type { WayStanding } from '../rules/way-change.ts'
import { wayOf } from '../rules/ways.ts'
import { lettersOfOrders } from './letters.ts'

/** Counting stops here: the page says that it is at least as many. */
const COUNTED_UP_TO = 1000

/** Returns the lines and letters under way to a carrier, for a person who is about to change the way. */
export async function wayStanding(carrierId: string): Promise<WayStanding> {
  const [row] = await db.$queryRaw<WayStanding[]>`
    SELECT (c.book_head - c.acked_seq)::int AS pending,
      greatest(0, least(c.book_head, (SELECT max(up_to) FROM carrier_letters WHERE carrier_id = c.id)) - c.acked_seq)::int
        AS lettered,
      (SELECT count(*)::int FROM carrier_letters WHERE carrier_id = c.id AND handed_on IS NULL AND up_to > c.acked_seq)
        AS "notHanded",
      (SELECT count(*)::int FROM (
        SELECT 1 FROM carrier_orders WHERE carrier_id = c.id AND state = 'acknowledged' LIMIT ${COUNTED_UP_TO}
      ) received) AS unanswered,
      (SELECT count(*)::int FROM carrier_keys WHERE carrier_id = c.id AND revoked_at IS NULL) AS keys,
      (SELECT max(last_used_at) FROM carrier_keys WHERE carrier_id = c.id AND revoked_at IS NULL) AS "keyUsedAt"
    FROM carriers c WHERE c.id = ${carrierId}`
  if (!row) throw new Error(`there is no carrier ${carrierId}`)
  return row
}

/**
 * Returns those of a carrier's orders that it received by the interface, and by no letter: it may say there what it did,
 * even where its way is another now.
 */
export async function receivedByInterface(
  carrierId: string,
  orderIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const received = await db.carrierOrder.findMany({
    where: { id: { in: [...orderIds] }, carrierId, acknowledgedAt: { not: null } },
    select: { id: true },
  })
  const ids = received.map(({ id }) => id)
  const onPaper = new Set(
    (await lettersOfOrders(ids)).flatMap(({ orderId, letter }) => (letter === null ? [] : [orderId])),
  )
  return new Set(ids.filter((id) => !onPaper.has(id)))
}

/**
 * Tells whether a letter's lines may have reached the carrier another way: it gets none by letter any more, or has
 * acknowledged some of them.
 */
export async function cameOtherwise(
  tx: Tx | undefined,
  { carrierId, after }: { readonly carrierId: string; readonly after: number },
): Promise<boolean> {
  const carrier = await (tx ?? db).carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { way: true, ackedSeq: true },
  })
  return wayOf(carrier.way).sentBy !== 'relay' || Number(carrier.ackedSeq) > after
}
