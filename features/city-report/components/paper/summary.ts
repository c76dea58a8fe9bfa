import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles } from '#components/paper/parts.ts'
import type { CityReport } from '#features/city-report/rules/report-data.ts'
import { type Sample, sameShare } from '#features/results/rules/comparison.ts'
import { type Month, monthsLater } from '#features/results/rules/month.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { promiseCounts } from '../../rules/report-voices.ts'
import { numeralOf } from './sections.ts'
import type { Words } from './words.ts'

/**
 * The most agencies below their group that are named; more are a count, because choosing among them would rank them.
 */
const MOST_NAMED = 3

/** Returns, for data frozen before the first page was told of, the answer before the method: the share, who is below the rest, the months out of range, and promises. */
export const summary = (report: CityReport, w: Words): ReactElement =>
  h(
    View,
    {},
    ...summaryLines(report, w).map((line, at) =>
      say(line, at === 0 ? { ...styles.bold, marginBottom: 3 } : { marginBottom: 3 }),
    ),
  )

/** Returns how agencies stand beside their groups; those below are named where they are few. */
export function bandLines(report: CityReport, w: Words): string[] {
  const { agencies } = report
  const { t, percent, interval, of } = w
  const section = numeralOf(report, 'agencies')
  const in_ = (band: string) => agencies.filter((one) => one.band === band)
  const [above, same, below] = [in_('above'), in_('same'), in_('below')]
  const names = below.map((one) => `${of(one.vi, one.en)} ${percent(one.satisfied)} (${interval(one)})`)
  return [
    t('summary.bands', { above: above.length, same: same.length, below: below.length, section }),
    ...(below.length > 0 && below.length <= MOST_NAMED
      ? [t('summary.below', { names: names.join('; ') })]
      : []),
  ]
}

export function summaryLines(report: CityReport, w: Words): string[] {
  const { total, trend, period, voices } = report
  const { t, percent, number, interval, month } = w
  if (total.satisfied === null) return [t('headline.none')]
  const outside = trend.filter((one) => one.outside && period.from <= one.month && one.month <= period.to)
  return [
    t('summary.answer', {
      share: percent(total.satisfied),
      interval: interval(total),
      count: number(total.responses),
    }),
    ...bandLines(report, w),
    ...moved(report, w),
    ...(outside.length === 0
      ? []
      : [
          t('summary.outside', {
            months: outside.map((one) => `${month(one.month)} (${percent(one.satisfied)})`).join('; '),
          }),
        ]),
    ...(voices === undefined || voices.promises.length === 0
      ? []
      : [t('summary.promises', promiseCounts(voices.promises))]),
    ...(report.recommendations === undefined
      ? []
      : [t('summary.recommendations', { section: numeralOf(report, 'recommendations') })]),
  ]
}

const LEVEL = 0.05

const indexOf = (month: Month): number => 12 * Number(month.slice(0, 4)) + Number(month.slice(5))

/**
 * Returns a line that says how the share moved since as many months before the period; nothing where the trend does not
 * reach so far back, where either side has few answers, or where other offices were rated on the two sides.
 */
function moved({ trend, period, breaks = [] }: CityReport, { t, percent, month }: Words): string[] {
  const long = indexOf(period.to) - indexOf(period.from) + 1
  const before = { from: monthsLater(period.from, -long), to: monthsLater(period.from, -1) }
  const reorganised = breaks.some(
    ({ kind, on }) => kind !== 'rename' && `${before.from}-01` <= on && on <= period.through,
  )
  const sample = ({ from, to }: { readonly from: Month; readonly to: Month }): Sample =>
    trend
      .filter((one) => from <= one.month && one.month <= to)
      .reduce(
        (sum, { responses, satisfied }) => ({
          top: sum.top + Math.round((satisfied ?? 0) * responses),
          base: sum.base + responses,
        }),
        { top: 0, base: 0 },
      )
  const [old, now] = [sample(before), sample(period)]
  if (
    reorganised ||
    old.base < MIN_COMPARED ||
    now.base < MIN_COMPARED ||
    (trend[0]?.month ?? '9') > before.from
  )
    return []
  const [was, is] = [old.top / old.base, now.top / now.base]
  const how = sameShare(old, now) > LEVEL ? 'same' : is > was ? 'higher' : 'lower'
  return [
    t(`summary.moved.${how}`, {
      from: month(before.from),
      to: month(before.to),
      was: percent(was),
      is: percent(is),
    }),
  ]
}
