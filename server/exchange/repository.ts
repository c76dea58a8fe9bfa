import '#server-only'
import type { OrderAction, OrderReason } from '#domain/exchange/order.ts'
import type { Instant } from '#domain/time.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Tx } from '#server/platform/db.ts'

export async function activeCarriers(tx: Tx): Promise<string[]> {
  const rows = await tx.carrier.findMany({
    where: { active: true },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return rows.map((row) => row.id)
}

export async function insertOrder(tx: Tx, order: Prisma.CarrierOrderUncheckedCreateInput): Promise<void> {
  await tx.carrierOrder.create({ data: order, select: { id: true } })
}

interface BookLines {
  readonly id: string
  readonly carrierId: string
  readonly action: OrderAction
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly issuedAt: Instant
}

/**
 * Adds an order's lines to its carrier's book. Raising the head locks the carrier's row until the transaction
 * ends, so sequences appear in the order of commits and without a gap.
 */
export async function appendToBook(tx: Tx, order: BookLines, imeis: readonly string[]): Promise<void> {
  const { bookHead } = await tx.carrier.update({
    where: { id: order.carrierId },
    data: { bookHead: { increment: imeis.length } },
    select: { bookHead: true },
  })
  const { id, ...line } = order
  const first = bookHead - BigInt(imeis.length) + 1n
  await tx.bookEntry.createMany({
    data: imeis.map((imei, index) => ({ ...line, orderId: id, imei, seq: first + BigInt(index) })),
  })
}

/** The IMEIs of a case that a carrier has on its list, or will have once it has read its book. */
export async function imeisToLift(tx: Tx, carrierId: string, caseId: string): Promise<string[]> {
  const rows = await tx.bookEntry.findMany({
    where: { carrierId, order: { caseId } },
    orderBy: { seq: 'asc' },
    select: { imei: true, action: true, outcome: true },
  })
  const present = new Map<string, boolean>()
  for (const { imei, action, outcome } of rows) {
    const refused = outcome === 'rejected' || outcome === 'not_found'
    // A refused line changed nothing; a line without an answer is still to be carried out.
    if (!refused) present.set(imei, action === 'block')
  }
  return [...present].filter(([, blocked]) => blocked).map(([imei]) => imei)
}

/** Every carrier has applied (or is exempt from) the case's orders of one kind; true when there are none. */
export async function ordersSettled(tx: Tx, caseId: string, action: OrderAction): Promise<boolean> {
  const open = await tx.carrierOrder.findFirst({
    where: { caseId, action, state: { in: ['queued', 'sent', 'acknowledged', 'failed'] } },
    select: { id: true },
  })
  return open === null
}
