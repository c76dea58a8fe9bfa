import '#server-only'
import { type CarrierScope, type CaseScope, reachesCarrier } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db } from '#platform/db.ts'
import { WRAPPED_KEY, type WrappedKey } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'

export const areaPlace = (id: string): string => `sighting-area:${id}`

/** A phone's block or watch in force: the newest line of its number in a carrier's book. */
export interface StandingBlock extends WrappedKey {
  readonly imei: string
  readonly orderId: string
  readonly caseId: string
  /** When the carrier reported the block as done; null: not yet, failed, or only a watch. */
  readonly doneAt: Instant | null
}

export const sightingTimes = (scope: CaseScope, caseId: string): Promise<Instant[]> =>
  inScope(scope, async () => {
    const rows = await db.sighting.findMany({
      where: { caseId },
      orderBy: { at: 'desc' },
      take: MOST_SHOWN,
      select: { at: true },
    })
    return rows.map(({ at }) => at)
  })

const MOST_SHOWN = 50

export interface SeenPhone {
  readonly id: string
  readonly at: Instant
  /** Null for a reader who has not opened the papers. */
  readonly seen: {
    readonly carrier: string
    readonly kind: 'attach' | 'sim_change'
    readonly area: string | null
    readonly served: boolean
  } | null
}

/** Returns a case's sightings for police; with carrier and area once they have opened the papers with a reason. */
export const sightingsForPolice = (scope: CaseScope, caseId: string, opened: boolean): Promise<SeenPhone[]> =>
  inScope(scope, async () => {
    const rows = await db.sighting.findMany({
      where: { caseId },
      orderBy: { at: 'desc' },
      take: MOST_SHOWN,
      include: { carrier: { select: { name: true } }, key: { select: WRAPPED_KEY } },
    })
    return rows.map(({ id, at, kind, served, sealedArea, carrier, key }) => ({
      id,
      at,
      seen: opened
        ? {
            ...{ carrier: carrier.name, kind, served },
            area: sealedArea && unseal<string>(unwrap(caseId, key), areaPlace(id), sealedArea),
          }
        : null,
    }))
  })

export interface SightingDay {
  readonly day: string
  readonly tries: number
  readonly served: number
}

/** Counts a carrier's sightings of blocked phones by day, the newest first; empty outside the scope. */
export async function sightingDays(
  scope: CarrierScope,
  carrierId: string,
  since: Instant,
): Promise<SightingDay[]> {
  if (!reachesCarrier(scope, carrierId)) return []
  return db.$queryRaw<SightingDay[]>`
    SELECT day::text, tries::int, served::int FROM count_sightings(${carrierId}, ${since}::timestamptz)`
}
