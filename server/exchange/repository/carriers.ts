import '#server-only'
import { type ImeiDigits, imeiDigits } from '#domain/exchange/list-files.ts'
import type { Instant } from '#domain/time.ts'
import { db, type Tx } from '#server/platform/db.ts'

const ids = (rows: readonly { id: string }[]): string[] => rows.map((row) => row.id)

export const activeCarriers = async (tx: Tx): Promise<string[]> =>
  ids(await tx.carrier.findMany({ where: { active: true }, orderBy: { id: 'asc' }, select: { id: true } }))

export const isActive = async (tx: Tx, carrierId: string): Promise<boolean> =>
  (await tx.carrier.count({ where: { id: carrierId, active: true } })) > 0

/** The carriers that were ever told of a case. */
export const carriersOfCase = async (tx: Tx, caseId: string): Promise<string[]> =>
  ids(
    await tx.carrier.findMany({
      where: { orders: { some: { caseId } } },
      orderBy: { id: 'asc' },
      select: { id: true },
    }),
  )

/** Keeps a carrier's book from growing until the transaction ends. Taken before any lock on an order. */
export async function lockCarrier(tx: Tx, carrierId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM carriers WHERE id = ${carrierId} FOR UPDATE`
}

/** The last sequence in a carrier's book. */
export async function bookHead(carrierId: string): Promise<number> {
  const row = await db.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { bookHead: true },
  })
  return Number(row.bookHead)
}

/** How many digits of an IMEI a carrier wants in its files. */
export async function digitsOf(carrierId: string): Promise<ImeiDigits> {
  const row = await db.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { imeiDigits: true },
  })
  return imeiDigits(row.imeiDigits)
}

/** The same, locked until the transaction ends; null where there is no such carrier. */
export async function digitsForUpdate(tx: Tx, carrierId: string): Promise<ImeiDigits | null> {
  await lockCarrier(tx, carrierId)
  const row = await tx.carrier.findUnique({ where: { id: carrierId }, select: { imeiDigits: true } })
  return row && imeiDigits(row.imeiDigits)
}

export async function saveDigits(tx: Tx, carrierId: string, digits: ImeiDigits): Promise<void> {
  await tx.carrier.update({
    where: { id: carrierId },
    data: { imeiDigits: digits },
    select: { id: true },
  })
}

export interface Acknowledgement {
  readonly head: number
  readonly acked: number
}

/** A carrier's book and how much of it was acknowledged, locked until the transaction ends. */
export async function acknowledgementForUpdate(tx: Tx, carrierId: string): Promise<Acknowledgement> {
  await lockCarrier(tx, carrierId)
  const row = await tx.carrier.findUniqueOrThrow({
    where: { id: carrierId },
    select: { bookHead: true, ackedSeq: true },
  })
  return { head: Number(row.bookHead), acked: Number(row.ackedSeq) }
}

export async function saveAcknowledgement(tx: Tx, carrierId: string, upTo: number, at: Instant) {
  await tx.carrier.update({
    where: { id: carrierId },
    data: { ackedSeq: upTo, ackedAt: at },
    select: { id: true },
  })
}

export interface CarrierSummary {
  readonly id: string
  readonly name: string
  readonly active: boolean
  readonly head: number
  readonly acked: number
  readonly ackedAt: Instant | null
  /** Of an IMEI in its files. */
  readonly digits: ImeiDigits
  readonly liveKeys: number
  /** Lines are pushed to it, and that has stopped: somebody has to look. */
  readonly pushStopped: boolean
}

/** Every carrier, as its list shows it. */
export async function carrierSummaries(): Promise<CarrierSummary[]> {
  const rows = await db.carrier.findMany({
    orderBy: { ordinal: 'asc' },
    select: {
      id: true,
      name: true,
      active: true,
      bookHead: true,
      ackedSeq: true,
      ackedAt: true,
      imeiDigits: true,
      way: true,
      webhook: { select: { state: true } },
      _count: { select: { keys: { where: { revokedAt: null } } } },
    },
  })
  return rows.map(({ bookHead: head, ackedSeq, imeiDigits: digits, way, webhook, _count, ...row }) => ({
    ...row,
    digits: imeiDigits(digits),
    head: Number(head),
    acked: Number(ackedSeq),
    liveKeys: _count.keys,
    pushStopped: way === 'push' && webhook !== null && webhook.state !== 'live',
  }))
}

export const carrierNames = (): Promise<{ id: string; name: string }[]> =>
  db.carrier.findMany({ orderBy: { ordinal: 'asc' }, select: { id: true, name: true } })

export const activeCarrierNames = (): Promise<{ id: string; name: string }[]> =>
  db.carrier.findMany({
    where: { active: true },
    orderBy: { ordinal: 'asc' },
    select: { id: true, name: true },
  })
