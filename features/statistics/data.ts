import '#server-only'
import { knownAreas, type Named, policeAreas } from '#features/areas/data.ts'
import { movesThat, ruleOf } from '#features/cases/moves/rules.ts'
import type { MoveSpec } from '#features/cases/moves/spec-rules.ts'
import { firstDay, type Month, monthOfDay, monthsLater } from '#features/results/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { type CarrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { FEW_REPORTS } from '#lib/statistics/groups.ts'
import { addMilliseconds, DAY, type Instant, TIME_ZONE } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import {
  type CarrierCounts,
  type CarrierFacts,
  type Cells,
  type CountedMeasure,
  carrierFacts,
  type Facts,
  HOURS,
  type LossKind,
  type MonthMeasure,
  type Split,
  sumOf,
} from './rules.ts'

/** The public figure of each case move that has one, by the name of the move. */
const FIGURES = Object.fromEntries(
  movesThat((rule) => rule.publicFigure !== undefined).map((move) => [move, ruleOf(move).publicFigure]),
)
/**
 * The moves as literals in the SQL, not as parameters, because the index of counted events (`case_events_counted`)
 * names them.
 */
const COUNTED = Prisma.raw(
  Object.keys(FIGURES)
    .map((move) => `'${move}'`)
    .join(', '),
)
const movesOf = (figure: NonNullable<MoveSpec['publicFigure']>): string[] =>
  movesThat((rule) => rule.publicFigure === figure)

export async function findLastPublished(tx: Tx = db): Promise<Month | null> {
  const row = await tx.factsMonth.findFirst({ orderBy: { month: 'desc' }, select: { month: true } })
  return row && monthOfDay(row.month)
}

interface Span {
  readonly from: Instant
  readonly to: Instant
}

/** Counts the reports of a span of time by area and by hour of the incident, without those imported from police files. */
export async function countReports(
  tx: Tx,
  { from, to }: Span,
  days: number,
): Promise<Record<Split, CountedMeasure[]>> {
  const rows = await tx.$queryRaw<
    { split: Split; row: string; kind: LossKind; reported: number; inTime: number }[]
  >`
    WITH reports AS (
      SELECT area_id, to_char(incident_at AT TIME ZONE ${TIME_ZONE}, 'HH24') AS hour, incident_type AS kind,
        EXISTS (
          SELECT 1 FROM case_events e WHERE e.case_id = c.id AND e.move = ANY(${movesOf('blocked')})
            AND e.at < c.submitted_at + make_interval(days => ${days}::int)
        ) AS in_time
      FROM cases c WHERE submitted_at >= ${from} AND submitted_at < ${to} AND source_hash IS NULL
    )
    SELECT 'area' AS split, area_id AS row, kind, count(*)::int AS reported,
      count(*) FILTER (WHERE in_time)::int AS "inTime" FROM reports GROUP BY area_id, kind
    UNION ALL
    SELECT 'hour', hour, kind, count(*)::int, count(*) FILTER (WHERE in_time)::int FROM reports GROUP BY hour, kind`
  const of = (split: Split): CountedMeasure[] => {
    const all = rows.filter((one) => one.split === split)
    const ofRow = (row: string, count: (one: (typeof all)[number]) => number): number =>
      all.filter((one) => one.row === row).reduce((sum, one) => sum + count(one), 0)
    return [
      ...all.map(({ row, kind, reported }) => ({ row, measure: kind, count: reported })),
      ...[...new Set(all.map(({ row }) => row))].flatMap((row): CountedMeasure[] => [
        { row, measure: 'reported', count: ofRow(row, ({ reported }) => reported) },
        { row, measure: 'in_time', count: ofRow(row, ({ inTime }) => inTime) },
      ]),
    ]
  }
  return { area: of('area'), hour: of('hour') }
}

/** Counts the events of a span of time by area; each case counts once per kind of event, at its first time. */
export const countEvents = (tx: Tx, { from, to }: Span): Promise<CountedMeasure[]> =>
  tx.$queryRaw<CountedMeasure[]>`
    WITH figures AS (SELECT * FROM jsonb_each_text(${JSON.stringify(FIGURES)}::jsonb) AS f (move, figure))
    SELECT area_id AS row, measure, count(*)::int AS count FROM (
      SELECT c.area_id, CASE
        WHEN f.figure <> 'lifted' THEN f.figure
        WHEN c.unblock_reason IN ('wrong', 'appeal') THEN 'wrong'
        ELSE 'recovered'
      END AS measure
      FROM case_events e JOIN figures f ON f.move = e.move JOIN cases c ON c.id = e.case_id
      WHERE e.move IN (${COUNTED}) AND e.at >= ${from} AND e.at < ${to}
        AND NOT EXISTS (
          SELECT 1 FROM case_events before JOIN figures b ON b.move = before.move
          WHERE before.case_id = e.case_id AND before.seq < e.seq AND b.figure = f.figure
        )
    ) happened GROUP BY area_id, measure`

/**
 * Returns the SQL for how long a carrier took for each order of a span of time. An order given again counts once, from
 * its first time; one never carried out took forever; drills do not count.
 */
const tookOf = ({ from, to }: Span, carrierId: string | null) => Prisma.sql`
  SELECT o.carrier_id, coalesce(extract(epoch FROM done.at - o.issued_at), 'infinity')::float8 AS took
  FROM carrier_orders o, LATERAL (
    SELECT min(settled_at) AS at FROM carrier_orders again
    WHERE again.case_id = o.case_id AND again.carrier_id = o.carrier_id AND again.action = o.action
      AND again.issued_at >= o.issued_at AND again.state = 'applied'
  ) done
  WHERE o.issued_at >= ${from} AND o.issued_at < ${to} AND o.drill_id IS NULL
    AND o.retry_of_id IS NULL AND o.repair_of_id IS NULL AND o.state NOT IN ('exempt', 'queued', 'cancelled')
    ${carrierId === null ? Prisma.empty : Prisma.sql`AND o.carrier_id = ${carrierId}`}`

const SPEED = Prisma.sql`count(*)::int, count(*) FILTER (WHERE took <= 86400)::int,
  nullif(percentile_disc(0.5) WITHIN GROUP (ORDER BY took), 'infinity')::int,
  nullif(percentile_disc(0.9) WITHIN GROUP (ORDER BY took), 'infinity')::int`

export async function measureCarriers(tx: Tx, month: Month, span: Span): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO facts_carriers (month, carrier_id, orders, within_24h, median_seconds, p90_seconds)
    SELECT ${firstDay(month)}::date, carrier_id, ${SPEED} FROM (${tookOf(span, null)}) orders GROUP BY carrier_id
    ON CONFLICT DO NOTHING`
}

interface CarrierSpeed {
  readonly orders: number
  readonly within24h: number
  readonly medianSeconds: number | null
  readonly p90Seconds: number | null
}

async function speedOf(carrierId: string, span: Span): Promise<CarrierSpeed> {
  const [speed] = await db.$queryRaw<[CarrierSpeed]>`
    SELECT speed.* FROM (
      SELECT ${SPEED} FROM (${tookOf(span, carrierId)}) orders
    ) speed (orders, "within24h", "medianSeconds", "p90Seconds")`
  return speed
}

/** A range of months, up to the newest where `to` is missing. */
interface Months {
  readonly from: Month
  readonly to?: Month
}
const within = ({ from, to }: Months) => ({ gte: firstDay(from), ...(to && { lte: firstDay(to) }) })

export async function publishedCells(split: Split, months: Months, tx: Tx = db): Promise<Cells[]> {
  const rows = await tx.factsMonth.findMany({
    where: { split, month: within(months) },
    orderBy: [{ month: 'asc' }, { measure: 'asc' }],
    select: { month: true, measure: true, shown: true, counted: true },
  })
  return rows.map(({ month, measure, shown, counted }) => ({
    month: monthOfDay(month),
    measure: measure as MonthMeasure,
    shown: shown as Cells['shown'],
    counted,
  }))
}

export async function publishedCarriers(months: Months, tx: Tx = db): Promise<CarrierCounts[]> {
  const [rows, carriers] = await Promise.all([
    tx.factsCarrier.findMany({ where: { month: within(months) }, orderBy: { month: 'asc' } }),
    tx.carrier.findMany({ orderBy: { ordinal: 'asc' }, select: { id: true, name: true } }),
  ])
  return carriers.flatMap(({ id, name }) =>
    rows
      .filter((row) => row.carrierId === id)
      .map(({ month, ...row }) => ({ ...row, name, month: monthOfDay(month) })),
  )
}

/** The number of months that the figures go back: a year, with the year before for comparison. */
const MONTHS = 24
/** A single district or hour has too few reports in a month to say much, so a year is added up. */
const YEAR = 12

export interface PublicFacts {
  /** The oldest first. */
  readonly months: readonly Month[]
  readonly city: readonly (Facts & { readonly month: Month })[]
  readonly areas: readonly AreaFacts[]
  /**
   * For a single month: the areas with too few reports in it, added up over the published months of its quarter. Null for
   * several months.
   */
  readonly quarter: { readonly months: readonly Month[]; readonly areas: readonly AreaFacts[] } | null
  readonly hours: readonly (Facts & { readonly hour: string })[]
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

const quarterOf = (month: Month): string => `${month.slice(0, 4)}-${Math.ceil(Number(month.slice(5, 7)) / 3)}`

/**
 * Returns all public figures, with areas and hours of one month or, without one, of the last twelve; null before the
 * first publication.
 */
export async function readPublicFacts(month: Month | null): Promise<PublicFacts | null> {
  const last = await findLastPublished()
  if (last === null) return null
  const from = monthsLater(last, 1 - MONTHS)
  const [cells, byHour, carriers, areas] = await Promise.all([
    publishedCells('area', { from }),
    publishedCells('hour', { from }),
    publishedCarriers({ from }),
    areasWith(),
  ])
  const months = [...new Set(cells.map((cell) => cell.month))]
  const span = month === null ? months.slice(-YEAR) : months.filter((one) => one === month)
  const known = areas(cells)
  const factsOf = (of: readonly Month[]): AreaFacts[] =>
    known.map(({ id, nameVi, nameEn }) => ({ area: id, nameVi, nameEn, ...sumOf(cells, of, id) }))
  const ofSpan = factsOf(span)
  const few = new Set(ofSpan.filter(({ reported }) => reported < FEW_REPORTS).map(({ area }) => area))
  const quarter = month && months.filter((one) => quarterOf(one) === quarterOf(month))
  return {
    months,
    city: months.map((one) => ({ month: one, ...sumOf(cells, [one], null) })),
    areas: ofSpan,
    quarter: quarter && {
      months: quarter,
      areas: factsOf(quarter).filter(({ area }) => few.has(area)),
    },
    hours: HOURS.map((hour) => ({ hour, ...sumOf(byHour, span, hour) })),
    span,
    spanTotal: sumOf(cells, span, null),
    carriers: carriers.map(carrierFacts),
  }
}

/** Returns the city's newest published months, at most `count`, the oldest first. */
export async function readCityMonths(count: number): Promise<PublicFacts['city']> {
  const last = await findLastPublished()
  if (last === null) return []
  const cells = await publishedCells('area', { from: monthsLater(last, 1 - count) })
  const months = [...new Set(cells.map(({ month }) => month))]
  return months.map((month) => ({ month, ...sumOf(cells, [month], null) }))
}

/**
 * Returns a function that lists the areas of some cells: those in force, then those of other editions with a count, so
 * that all rows together are the city.
 */
async function areasWith(): Promise<(cells: readonly Cells[]) => readonly Named[]> {
  const [inForce, known] = await Promise.all([policeAreas(), knownAreas()])
  const current = new Set(inForce.map(({ id }) => id))
  return (cells) => {
    const counted = new Set(cells.flatMap(({ shown }) => Object.keys(shown)))
    return [...inForce, ...[...known.values()].filter(({ id }) => counted.has(id) && !current.has(id))]
  }
}

export async function readAreaMonths(): Promise<AreaMonth[]> {
  const last = await findLastPublished()
  if (last === null) return []
  const [cells, areas] = await Promise.all([
    publishedCells('area', { from: monthsLater(last, 1 - MONTHS) }),
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
  /** The newest month first. */
  readonly months: readonly CarrierFacts[]
  /** Every carrier in the newest of these months. */
  readonly beside: readonly CarrierFacts[]
}

/** Returns the public figures with the carrier's own present ones; null outside the scope. */
export async function readCarrierFigures(
  scope: CarrierScope,
  carrierId: string,
  now: Instant,
): Promise<CarrierFigures | null> {
  if (!reachesCarrier(scope, carrierId)) return null
  const last = await findLastPublished()
  const [recent, published] = await Promise.all([
    speedOf(carrierId, { from: addMilliseconds(now, -8 * DAY), to: addMilliseconds(now, -DAY) }),
    last === null ? [] : publishedCarriers({ from: monthsLater(last, 1 - YEAR) }),
  ])
  const facts = published.map(carrierFacts)
  return {
    recent,
    months: facts.filter((one) => one.carrierId === carrierId).toReversed(),
    beside: facts.filter(({ month }) => month === last),
  }
}
