import type { Catalogue } from '#features/agencies/rules.ts'
import { HEADLINE, kindOf } from '#features/questionnaires/questions/rules.ts'
import type { AskedQuestion } from '#features/questionnaires/versions/rules.ts'
import { type Dispersion, INDEPENDENT } from '#features/results/dispersion-rules.ts'
import { TOP_TWO } from '#features/results/figure-rules.ts'
import {
  holmAdjusted,
  type Month,
  monthsLater,
  ruleCuts,
  type Sample,
  sameShare,
} from '#features/results/rules.ts'
import { add, type Counts, topTwoOf } from '#features/results/tally-rules.ts'
import { addUpMonths, computeTrend, type MonthCounts } from '#features/results/trend/rules.ts'
import { differenceInterval } from '#lib/statistics/difference.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { wilsonInterval } from '#lib/statistics/wilson.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { breaksOf, countMonths, cutsOf, inside, type Period } from './period-rules.ts'
import { badSample } from './problems-rules.ts'
import type { PublishedMonth, ReportQuestion, Shares } from './report-rules.ts'

/** A difference of two shares with its interval: in ten-thousandths, or unrounded in `exact`. */
interface Difference {
  readonly difference: number
  readonly low: number
  readonly high: number
}

export interface ReportChange extends Difference {
  readonly of:
    | { readonly kind: 'total' }
    | { readonly kind: 'agency'; readonly id: string }
    | { readonly kind: 'question'; readonly version: number; readonly key: string }
  /** The satisfied people and all to whom the question applied, in the period and in the one before it. */
  readonly now: Sample
  readonly before: Sample
  readonly exact: Difference
  /** True if it is beyond chance, tested together with all other changes here. */
  readonly beyond: boolean
}

/** A month in which an agency with 30 answers or more was outside its control limits. */
export interface OutsideMonth extends Shares {
  readonly agencyId: string
  readonly month: Month
  readonly responses: number
  readonly side: 'above' | 'below'
  readonly lowerLimit: number
  readonly upperLimit: number
}

/** A delicate question, which the first page never leaves out. */
export interface ReportSensitive {
  readonly version: number
  readonly key: string
  /** The option that means it happened; null without an option `yes`, since no share can then be stated. */
  readonly option: string | null
  /** The people who chose it, out of all who answered the question. */
  readonly told: Sample
  readonly low: number | null
  readonly high: number | null
  /** True if even the lower end of its interval is above the bound. */
  readonly above: boolean
}

/** The data of the first page beside the report's own figures; data frozen before that page existed has none. */
export interface ReportFront {
  /** The months of the period that have begun. They are compared with as many months right before them. */
  readonly now: Period
  readonly before: Period
  /** `short`: nothing was public so early. `agencies`: only unchanged ones. `rule`: another counting rule on one side. */
  readonly compared: 'all' | 'agencies' | 'short' | 'rule'
  readonly total: ReportChange | null
  /** Every agency and question with 30 answers or more on both sides: agencies in the catalogue's order, then questions. */
  readonly changes: readonly ReportChange[]
  readonly outside: readonly OutsideMonth[]
  readonly sensitive: readonly ReportSensitive[]
  /** How the share of reported problems changed, by question in use; older data has none. */
  readonly problems?: readonly ReportChange[]
  /** The share of a delicate question from which the Committee is asked to decide. */
  readonly bound: number
}

const LEVEL = 0.05
/** One in twenty of those who answered. The report states this bound where it asks for a decision. */
const SENSITIVE_BOUND = 0.05
/** The option of a delicate question by which people say that it happened to them. */
const HAPPENED = 'yes'

export function comparedPeriods({ from, to }: Period, through: string): { now: Period; before: Period } {
  const begun = [to, through.slice(0, 7) as Month].toSorted()[0] ?? to
  const last = begun < from ? from : begun
  const long = countMonths(from, last)
  return {
    now: { from, to: last },
    before: { from: monthsLater(from, -long), to: monthsLater(from, -1) },
  }
}

/** Returns a change; null where either side has too few answers. `beyond` is decided later, together with all other changes. */
function changeOf(of: ReportChange['of'], now: Sample, before: Sample, dispersion: number) {
  if (now.base < MIN_COMPARED || before.base < MIN_COMPARED) return null
  const difference = now.top / now.base - before.top / before.base
  const exact = { difference, ...differenceInterval(now, before, dispersion) }
  const [low, high] = [toTenThousandths(exact.low), toTenThousandths(exact.high)]
  return { of, now, before, difference: toTenThousandths(difference), low, high, exact, beyond: false }
}

/** Returns the changes with `beyond` set, tested as one family. Its interval must also exclude 0. */
export function judged(changes: readonly ReportChange[], dispersion = 1): ReportChange[] {
  const adjusted = holmAdjusted(changes.map(({ now, before }) => sameShare(now, before, dispersion)))
  return changes.map((change, at) => ({
    ...change,
    beyond: (adjusted[at] ?? 1) <= LEVEL && (change.exact.low > 0 || change.exact.high < 0),
  }))
}

export const SHOWN = 3

/** Returns the three clearest changes in one direction, in the order of the data: agencies are never ranked. */
export function surestChanges(
  changes: readonly ReportChange[],
  direction: 'better' | 'worse',
): { readonly shown: readonly ReportChange[]; readonly more: number } {
  const least = ({ exact }: ReportChange) => (direction === 'better' ? exact.low : -exact.high)
  const some = changes.filter((change) => change.beyond && least(change) > 0)
  const chosen = new Set(some.toSorted((a, b) => least(b) - least(a)).slice(0, SHOWN))
  return { shown: some.filter((change) => chosen.has(change)), more: some.length - chosen.size }
}

export interface FrontSource {
  readonly period: Period
  readonly through: string
  readonly catalogue: Catalogue
  /** The ids of the report's agencies in the catalogue's order; a chain has the id of its last agency. */
  readonly agencyIds: readonly string[]
  readonly heir: (id: string) => string
  /** The months of every agency, each under its heir, from the earlier months of the comparison on. */
  readonly months: readonly PublishedMonth[]
  readonly trendFrom: Month
  readonly asked: readonly AskedQuestion[]
  readonly questions: readonly ReportQuestion[]
  readonly dispersion?: Dispersion
  /** The local date since which only one answer per network and day counts, if another rule applied before. */
  readonly since?: string | null
}

export function frontOf(source: FrontSource): ReportFront {
  const { period, through, catalogue, agencyIds, heir, months, asked } = source
  const { dispersion = INDEPENDENT, since = null } = source
  const { now, before } = comparedPeriods(period, through)
  const ids = new Set(agencyIds)
  const own = months.filter(({ agencyId }) => ids.has(agencyId))
  const everyId = new Set(
    catalogue.versions.flatMap(({ id }) => (ids.has(heir(id)) ? [id] : [])).concat(agencyIds),
  )
  const touched = new Set(
    breaksOf(catalogue, everyId, { first: `${before.from}-01`, last: through })
      .filter(({ kind, from, to }) => kind !== 'rename' && (to === null || heir(from.id) !== heir(to.id)))
      .flatMap(({ from, to }) => [heir(from.id), ...(to === null ? [] : [heir(to.id)])]),
  )
  const short = !months.some(({ month }) => month === before.from)
  const [rule] = ruleCuts(since)
  const ruled = rule !== undefined && before.from < rule && rule <= now.to
  const whole = !short && !ruled && touched.size === 0
  const sampleOf = (some: readonly PublishedMonth[]): Sample =>
    topTwoOf(some.reduce<Counts>((sum, { counts }) => add(sum, counts), {}))
  const bothSides = (of: ReportChange['of'], some: readonly PublishedMonth[]) => {
    const [is, was] = [now, before].map((one) => sampleOf(some.filter(inside(one)))) as [Sample, Sample]
    const change = changeOf(of, is, was, dispersion.factor)
    return change === null ? [] : [change]
  }
  const headline = own.filter(({ question }) => question === HEADLINE)
  const byAgency = Map.groupBy(headline, ({ agencyId }) => agencyId)
  const total = whole ? bothSides({ kind: 'total' }, headline) : []
  const agencies =
    short || ruled
      ? []
      : agencyIds
          .filter((id) => !touched.has(id))
          .flatMap((id) => bothSides({ kind: 'agency', id }, byAgency.get(id) ?? []))
  const questions = !whole
    ? []
    : asked
        .filter(
          ({ use, question: { key, kind } }) =>
            use === 'current' && kindOf(kind).headline?.sample && key !== HEADLINE,
        )
        .flatMap(({ version, versions, question: { key } }) =>
          bothSides(
            { kind: 'question', version, key },
            own.filter((one) => one.question === key && versions.includes(one.version)),
          ),
        )
  return {
    now,
    before,
    compared: short ? 'short' : ruled ? 'rule' : whole ? 'all' : 'agencies',
    total: judged(total, dispersion.compared)[0] ?? null,
    changes: judged([...agencies, ...questions], dispersion.compared),
    problems: judged(
      !whole
        ? []
        : asked.flatMap(({ use, version, versions, question }) => {
            const sides = [now, before].map((period) => {
              const counts = own
                .filter((one) => one.question === question.key && versions.includes(one.version))
                .filter(inside(period))
                .reduce<Counts>((sum, one) => add(sum, one.counts), {})
              return badSample(question, counts)
            })
            const [is, was] = sides
            if (use !== 'current' || !is || !was) return []
            const change = changeOf(
              { kind: 'question', version, key: question.key },
              is,
              was,
              dispersion.factor,
            )
            return change === null ? [] : [change]
          }),
      dispersion.compared,
    ),
    outside: agencyIds.flatMap((id) => outsideMonths(id, byAgency.get(id) ?? [], source, now)),
    sensitive: source.questions
      .filter(({ kind }) => kindOf(kind).delicate)
      .map((one) => sensitiveOf(one, dispersion.factor)),
    bound: SENSITIVE_BOUND,
  }
}

export function outsideMonths(
  agencyId: string,
  months: readonly MonthCounts[],
  {
    catalogue,
    heir = (id) => id,
    through,
    trendFrom,
    dispersion = INDEPENDENT,
    since = null,
  }: Pick<FrontSource, 'catalogue' | 'through' | 'trendFrom'> &
    Partial<Pick<FrontSource, 'heir' | 'dispersion' | 'since'>>,
  now: Period,
): OutsideMonth[] {
  const ids = new Set([
    agencyId,
    ...catalogue.versions.flatMap(({ id }) => (heir(id) === agencyId ? [id] : [])),
  ])
  const breaks = breaksOf(catalogue, ids, { first: `${trendFrom}-01`, last: through })
  const series = computeTrend(
    addUpMonths(months.filter(({ month }) => month >= trendFrom)),
    [...cutsOf(catalogue, ids, breaks), ...ruleCuts(since)],
    TOP_TWO,
    dispersion.factor,
  )
  return series.flatMap(({ points }) =>
    points.flatMap(({ month, responses, share, limits, outside }) => {
      if (
        !outside ||
        share === null ||
        limits === null ||
        responses < MIN_COMPARED ||
        !inside(now)({ month })
      )
        return []
      const { value: satisfied, low, high } = share
      const side = satisfied < limits.low ? ('below' as const) : ('above' as const)
      return [
        {
          ...{ agencyId, month, responses, side, satisfied, low, high },
          ...{ lowerLimit: limits.low, upperLimit: limits.high },
        },
      ]
    }),
  )
}

function sensitiveOf({ version, key, options, respondents }: ReportQuestion, dispersion: number) {
  const option = options.find(({ code }) => code === HAPPENED)
  const told = { top: option?.count ?? 0, base: respondents }
  const interval =
    option === undefined || respondents === 0 ? null : wilsonInterval(told.top, told.base, dispersion)
  return {
    ...{ version, key, option: option?.code ?? null, told },
    ...{ low: interval?.low ?? null, high: interval?.high ?? null },
    above: interval !== null && interval.low > SENSITIVE_BOUND,
  }
}
