import '#server-only'
import type { KioskDates } from '#features/ratings/rules/kiosk.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'

export interface KioskRow extends KioskDates {
  readonly id: string
  readonly agencyId: string
  readonly counter: string
  readonly createdAt: Instant
}

const select = {
  id: true,
  agencyId: true,
  counter: true,
  createdAt: true,
  expiresAt: true,
  revokedAt: true,
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

export async function insertKiosk(tx: Tx, kiosk: Omit<KioskRow, 'revokedAt'>): Promise<void> {
  await tx.kiosk.create({ data: kiosk, select: { id: true } })
}

/** Revokes a kiosk that was live until now and returns its agency; null where there is none. */
export async function revokeKioskRow(tx: Tx, id: string, at: Instant): Promise<string | null> {
  const [row] = await tx.kiosk.updateManyAndReturn({
    where: { id, revokedAt: null },
    data: { revokedAt: at },
    select: { agencyId: true },
  })
  return row?.agencyId ?? null
}
