import '#server-only'
import type { KioskDates } from '#features/ratings/rules/kiosk.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'

export interface KioskRow extends KioskDates {
  readonly id: string
  readonly agencyId: string
  readonly counter: string
  readonly createdAt: Instant
  /** The last day on which its page was opened or sent an answer; null where it never was. */
  readonly seenOn: Date | null
}

const select = {
  id: true,
  agencyId: true,
  counter: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
  seenOn: true,
} as const

export const kioskById = (id: string): Promise<KioskRow | null> =>
  db.kiosk.findUnique({ where: { id }, select })

/** Counts the kiosks of each agency that could take an answer, by their links. */
export async function kiosksAt(agencies: readonly string[], now: Instant): Promise<Map<string, number>> {
  const rows = await db.kiosk.groupBy({
    by: ['agencyId'],
    where: { agencyId: { in: [...agencies] }, revokedAt: null, expiresAt: { gt: now } },
    _count: true,
  })
  return new Map(rows.map(({ agencyId, _count }) => [agencyId, _count]))
}

/** Returns the newest kiosks first, from behind one of them on. */
export const kiosksAfter = (after: string | null, take: number): Promise<KioskRow[]> =>
  db.kiosk.findMany({
    orderBy: [{ createdAt: 'desc' }, { id: 'asc' }],
    ...(after !== null && { cursor: { id: after }, skip: 1 }),
    take,
    select,
  })

export async function insertKiosk(tx: Tx, kiosk: Omit<KioskRow, 'revokedAt' | 'seenOn'>): Promise<void> {
  await tx.kiosk.create({ data: kiosk, select: { id: true } })
}

/** Revokes a kiosk and returns its agency; null where there is none, or it was revoked before. */
export async function revokeKioskRow(tx: Tx, id: string, at: Instant): Promise<string | null> {
  const [row] = await tx.kiosk.updateManyAndReturn({
    where: { id, revokedAt: null },
    data: { revokedAt: at },
    select: { agencyId: true },
  })
  return row?.agencyId ?? null
}

/** Writes that a kiosk was seen on a local date; most often it is written already, and nothing is. */
export async function markSeen(id: string, day: string): Promise<void> {
  await db.kiosk.updateMany({
    where: { id, OR: [{ seenOn: null }, { seenOn: { lt: new Date(day) } }] },
    data: { seenOn: new Date(day) },
  })
}

/** Returns the kiosks of some agencies that could take an answer and were not seen since a local date, the longest silent first. */
export const silentSince = (
  agencies: readonly string[],
  day: string,
  now: Instant,
  take: number,
): Promise<KioskRow[]> => {
  const before = new Date(day)
  return db.kiosk.findMany({
    where: {
      ...{ agencyId: { in: [...agencies] }, revokedAt: null, expiresAt: { gt: now } },
      OR: [{ seenOn: { lt: before } }, { seenOn: null, createdAt: { lt: before } }],
    },
    orderBy: [{ seenOn: { sort: 'asc', nulls: 'first' } }, { id: 'asc' }],
    take,
    select,
  })
}
