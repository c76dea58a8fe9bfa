import '#server-only'
import { knownAreas, type Named, policeAreas } from '#features/areas/queries.ts'
import { type Month, monthsLater } from '#features/results/rules/month.ts'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { type CarrierSpeed, lastPublished, publishedCarriers, publishedCells, speedOf } from './repository.ts'
import { type CarrierFacts, type Cells, carrierFacts, type Facts, sumOf } from './rules/facts.ts'
import { HOURS } from './rules/measures.ts'

/** The number of months that the figures go back: a year beside the year before it. */
const MONTHS = 24
/** A single district or hour has too few in a month to say much: a year together. */
const YEAR = 12

export interface PublicFacts {
  /** The months that are published, the oldest first. */
  readonly months: readonly Month[]
  /** The whole city, month by month. */
  readonly city: readonly (Facts & { readonly month: Month })[]
  readonly areas: readonly AreaFacts[]
  readonly hours: readonly (Facts & { readonly hour: string })[]
  /** The months that areas and hours are of. */
  readonly span: readonly Month[]
  readonly spanTotal: Facts
  readonly carriers: readonly CarrierFacts[]
}
interface AreaFacts extends Facts {
  readonly area: string
  readonly nameVi: string
  readonly nameEn: string
}

export interface AreaMonth extends AreaFacts {
  readonly month: Month
}

/**
 * Returns everything that is public, areas and hours of one month or, without one, of the last twelve; null before the
 * first.
 */
export async function publicFacts(month: Month | null): Promise<PublicFacts | null> {
  const last = await lastPublished()
  if (last === null) return null
  const from = monthsLater(last, 1 - MONTHS)
  const [cells, byHour, carriers, areas] = await Promise.all([
    publishedCells('area', from),
    publishedCells('hour', from),
    publishedCarriers(from),
    areasWith(),
  ])
  const months = [...new Set(cells.map((cell) => cell.month))]
  const span = month === null ? months.slice(-YEAR) : months.filter((one) => one === month)
  return {
    months,
    city: months.map((one) => ({ month: one, ...sumOf(cells, [one], null) })),
    areas: areas(cells).map(({ id, nameVi, nameEn }) => ({
      area: id,
      nameVi,
      nameEn,
      ...sumOf(cells, span, id),
    })),
    hours: HOURS.map((hour) => ({ hour, ...sumOf(byHour, span, hour) })),
    span,
    spanTotal: sumOf(cells, span, null),
    carriers: carriers.map(carrierFacts),
  }
}

/** Returns the city's newest published months, `count` at most, the oldest first. */
export async function cityMonths(count: number): Promise<PublicFacts['city']> {
  const last = await lastPublished()
  if (last === null) return []
  const cells = await publishedCells('area', monthsLater(last, 1 - count))
  const months = [...new Set(cells.map(({ month }) => month))]
  return months.map((month) => ({ month, ...sumOf(cells, [month], null) }))
}

/**
 * Returns a function that gives the areas that cells tell of: those in force, then those of other editions that have a
 * count in them, so that all rows together are the city.
 */
async function areasWith(): Promise<(cells: readonly Cells[]) => readonly Named[]> {
  const [inForce, known] = await Promise.all([policeAreas(), knownAreas()])
  const current = new Set(inForce.map(({ id }) => id))
  return (cells) => {
    const counted = new Set(cells.flatMap(({ shown }) => Object.keys(shown)))
    return [...inForce, ...[...known.values()].filter(({ id }) => counted.has(id) && !current.has(id))]
  }
}

/** Returns every area in every published month: the table behind the page. */
export async function areaMonths(): Promise<AreaMonth[]> {
  const last = await lastPublished()
  if (last === null) return []
  const [cells, areas] = await Promise.all([
    publishedCells('area', monthsLater(last, 1 - MONTHS)),
    areasWith(),
  ])
  return [...new Set(cells.map((cell) => cell.month))].flatMap((month) =>
    areas(cells).map(({ id, nameVi, nameEn }) => ({
      month,
      area: id,
      nameVi,
      nameEn,
      ...sumOf(cells, [month], id),
    })),
  )
}

export interface CarrierFigures {
  /** The orders of seven days, up to those whose 24 hours are over. */
  readonly recent: CarrierSpeed
  /** The figures published of this carrier, the newest month first. */
  readonly months: readonly CarrierFacts[]
  /** Every carrier in the newest of these months. */
  readonly beside: readonly CarrierFacts[]
}

/** Returns the public figures with a carrier's own present ones; null outside the scope. */
export async function carrierFigures(
  scope: CarrierScope,
  carrierId: string,
  now: Instant,
): Promise<CarrierFigures | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  const last = await lastPublished()
  const [recent, published] = await Promise.all([
    speedOf(carrierId, { from: addMilliseconds(now, -8 * DAY), to: addMilliseconds(now, -DAY) }),
    last === null ? [] : publishedCarriers(monthsLater(last, 1 - YEAR)),
  ])
  const facts = published.map(carrierFacts)
  return {
    recent,
    months: facts.filter((one) => one.carrierId === carrierId).toReversed(),
    beside: facts.filter(({ month }) => month === last),
  }
}
