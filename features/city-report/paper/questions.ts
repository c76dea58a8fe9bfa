import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles, table, title } from '#components/paper/parts.ts'
import { byFigures, kindOf } from '#features/questionnaires/questions/rules.ts'
import { monthsLater, type Sample, sameShare } from '#features/results/rules.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { countMonths, inside, type Period } from '../period-rules.ts'
import { type CityReport, promiseCounts, type ReportQuestion } from '../report-rules.ts'
import { bar } from './charts.ts'
import { numeralOf, type Words } from './sections.ts'

const isTried = ({ use }: ReportQuestion): boolean => use === 'trial'

export function questions({ questions: every }: CityReport, w: Words): ReactElement {
  const { t } = w
  const all = every.filter((question) => !isTried(question))
  if (all.length === 0) return say(t('question.empty'))
  const past = all.filter(({ use }) => use === 'past')
  // Data frozen before versions were added up has no `use`; it is shown version by version, as before.
  const versions = [...new Set(all.filter(({ use }) => use !== 'past').map(({ version }) => version))]
  return h(
    View,
    {},
    ...versions.flatMap((version) => {
      const own = all.filter((question) => question.version === version && question.use !== 'past')
      return [
        ...(versions.length > 1 || past.length > 0 ? [title(t('question.version', { version }))] : []),
        ...own.map((question, at) => one(question, at + 1, w)),
      ]
    }),
    ...(past.length === 0 ? [] : [title(t('question.past'))]),
    ...past.map((question, at) => one(question, at + 1, w)),
  )
}

export function trialQuestions(report: CityReport, w: Words): ReactElement {
  const { t, date } = w
  const { trials = [] } = report
  const tried = report.questions.filter(isTried)
  return h(
    View,
    {},
    say(t('trialLead'), styles.lead),
    ...trials.flatMap(({ version, percent, from, until }) => {
      const own = tried.filter((question) => question.version === version)
      if (own.length === 0) return []
      return [
        title(t('trialOf', { version, percent, from: date(from), until: date(until) })),
        ...own.map((question, at) => one(question, at + 1, w)),
      ]
    }),
  )
}

function one(question: ReportQuestion, number: number, w: Words): ReactElement {
  const { t, of } = w
  const { respondents } = question
  const { note } = kindOf(question.kind)
  return h(
    View,
    { wrap: false, style: { marginBottom: 9 } },
    say(`${number}. ${of(question.vi, question.en)}`, styles.title, 'H3'),
    respondents === 0
      ? say(t('question.none'), styles.grey)
      : h(
          View,
          {},
          say(questionSummary(question, w), { ...styles.small, marginBottom: 2 }),
          ...(note === null ? [] : [say(t(note), styles.small)]),
          byFigures(question.kind, { options: () => distribution(question, w) }),
        ),
  )
}

function questionSummary(question: ReportQuestion, { t, percent, signed }: Words): string {
  const { respondents, satisfied, low, high, kind, versions = [] } = question
  const people = t('question.base', { count: respondents })
  const base =
    versions.length > 1 ? `${people}; ${t('question.added', { versions: versions.join(', ') })}` : people
  const { headline } = kindOf(kind)
  if (headline === null || satisfied === null || low === null || high === null) return base
  const write = (value: number) => (headline.written === 'percent' ? percent(value) : signed(100 * value))
  const share = { share: write(satisfied), low: write(low), high: write(high) }
  return `${t(headline.paper, share)}; ${base}`
}

const distribution = ({ options, respondents }: ReportQuestion, { t, of, percent, number }: Words) =>
  table({
    columns: [
      { label: t('column.option'), width: 42 },
      { label: t('column.people'), width: 12, align: 'end' },
      { label: t('column.percent'), width: 12, align: 'end' },
      { label: '', width: 36, align: 'end' },
    ],
    rows: options.map(({ vi, en, count }) => [
      of(vi, en),
      number(count),
      percent(count / respondents),
      bar(count / respondents),
    ]),
  })

/** The most agencies below their group that are named; more are only counted, because choosing among them would rank them. */
const MOST_NAMED = 3

/** Renders the summary before the method, for data frozen before the first page existed. */
export const summary = (report: CityReport, w: Words): ReactElement =>
  h(
    View,
    {},
    ...summaryLines(report, w).map((line, at) =>
      say(line, at === 0 ? { ...styles.bold, marginBottom: 3 } : { marginBottom: 3 }),
    ),
  )

/** Returns how many agencies are in each band; names those below where they are few. */
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
  const outside = trend.filter((one) => one.outside && inside(period)(one))
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

/** Returns a line on how the share changed since as many months before, or nothing where they cannot be compared. */
function moved({ trend, period, breaks = [] }: CityReport, { t, percent, month }: Words): string[] {
  const long = countMonths(period.from, period.to)
  const before = { from: monthsLater(period.from, -long), to: monthsLater(period.from, -1) }
  const reorganised = breaks.some(
    ({ kind, on }) => kind !== 'rename' && `${before.from}-01` <= on && on <= period.through,
  )
  const sample = (months: Period): Sample =>
    trend.filter(inside(months)).reduce(
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
