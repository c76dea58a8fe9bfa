import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { RULE, say, styles, table, title } from '#components/paper/parts.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import type { OutsideMonth } from '../front-rules.ts'
import { type BreakEvent, eventsOf, type ReportBreak } from '../period-rules.ts'
import type { CityReport, ReportGlossary, ReportMonth } from '../report-rules.ts'
import { textQuestions } from './agencies.ts'
import { bar, trendChart } from './charts.ts'
import { groupName } from './front.ts'
import { type Words, wordsOf } from './sections.ts'

export function trend(report: CityReport, w: Words): ReactElement {
  const { trend: months, breaks = [] } = report
  const { t, number, percent, interval, month } = w
  const events = eventsOf(breaks)
  if (months.length < 2) return say(t('trend.none'))

  return h(
    View,
    {},
    h(
      View,
      { wrap: false },
      say(t('trend.lead'), styles.lead),
      title(t('trend.chart')),
      trendChart(months, events, w),
    ),
    table({
      columns: [
        { label: t('column.month'), width: 12 },
        { label: t('column.responses'), width: 12, align: 'end' },
        { label: t('column.share'), width: 12, align: 'end' },
        { label: t('column.interval'), width: 23, align: 'end' },
        { label: t('column.limits'), width: 22, align: 'end' },
        { label: t('column.note'), width: 19, align: 'end' },
      ],
      rows: months.map((one) => [
        month(one.month),
        number(one.responses),
        percent(one.satisfied),
        interval(one),
        interval({ low: one.lowerLimit, high: one.upperLimit }),
        noteOn(one, w),
      ]),
    }),
    ...outsideTable(report, w),
    ...breaksTable(events, w),
  )
}

export const noteOn = ({ outside, responses }: ReportMonth, { t }: Words): string =>
  outside ? t('trend.outside') : responses < MIN_COMPARED ? t('trend.few') : ''

export function comments(report: CityReport, w: Words): ReactElement {
  const {
    comments: { agencies, themes },
    agencies: known,
    groups,
  } = report
  const { t, number, of } = w
  const found = themes.filter((theme) => theme.comments > 0)
  const most = Math.max(1, ...found.map((theme) => theme.comments))
  const named = new Map(known.map(({ id, vi, en }) => [id, of(vi, en)]))
  return h(
    View,
    {},
    say(t('comments.lead'), styles.lead),
    ...(found.length === 0 && agencies.length === 0 ? [say(t('comments.none'), styles.grey)] : []),
    ...(found.length === 0
      ? []
      : groups.flatMap(({ group }) => [
          title(`${t('comments.themes')}: ${groupName(report, group, w)}`),
          table({
            columns: [
              { label: t('column.theme'), width: 42 },
              { label: t('column.comments'), width: 22, align: 'end' },
              { label: '', width: 36, align: 'end' },
            ],
            rows: themes
              .filter((theme) => theme.group === group)
              .map((theme) => [
                t(`theme.${theme.theme}`),
                theme.comments === 0 ? t('comments.under') : number(theme.comments),
                bar(theme.comments / most),
              ]),
          }),
        ])),
    ...(agencies.length === 0
      ? []
      : [
          title(t('comments.agencies')),
          table({
            columns: [
              { label: t('column.agency'), width: 36 },
              { label: t('column.comments'), width: 12, align: 'end' },
              { label: '', width: 4 },
              { label: t('column.agency'), width: 36 },
              { label: t('column.comments'), width: 12, align: 'end' },
            ],
            rows: inPairs(agencies.map((one) => [named.get(one.id) ?? one.id, number(one.comments)])),
          }),
        ]),
    ...textQuestions(report, w),
  )
}

/** Puts the rows in two columns side by side: first down the left one, then down the right one. */
function inPairs(rows: readonly (readonly string[])[]): string[][] {
  const half = Math.ceil(rows.length / 2)
  return rows.slice(0, half).map((row, at) => [...row, '', ...(rows[half + at] ?? [])])
}

export function suggestions({ suggestions: { received, answered } }: CityReport, w: Words): ReactElement {
  const { t, number } = w
  return h(
    View,
    {},
    title(t('suggestions.received')),
    received.length === 0
      ? say(t('suggestions.noneReceived'))
      : table({
          columns: [
            { label: t('column.state'), width: 70 },
            { label: t('column.count'), width: 30, align: 'end' },
          ],
          rows: received.map(({ state, count }) => [t(`suggestions.state.${state}`), number(count)]),
        }),
    title(t('suggestions.answered')),
    answered.length === 0
      ? say(t('suggestions.noneAnswered'))
      : h(View, {}, ...answered.map((one) => answeredSuggestion(one, w))),
  )
}

const answeredSuggestion = (one: CityReport['suggestions']['answered'][number], { t, of, date }: Words) => {
  const facts = [
    date(one.on),
    t(`suggestions.state.${one.state}`),
    t('suggestions.people', { count: one.people }),
  ]
  return h(
    View,
    { wrap: false, style: { paddingVertical: 4, borderBottomWidth: 0.4, borderColor: RULE } },
    say(facts.join(' · '), { ...styles.small, ...styles.grey }),
    say(of(one.summaryVi, one.summaryEn), styles.bold),
    say(of(one.answerVi, one.answerEn)),
  )
}

export function exclusions({ exclusions: all }: CityReport, { t, number }: Words): ReactElement {
  return h(
    View,
    {},
    say(t('exclusions.lead'), styles.lead),
    all.length === 0
      ? say(t('exclusions.none'))
      : table({
          columns: [
            { label: t('column.reason'), width: 56 },
            { label: t('column.excluded'), width: 20, align: 'end' },
            { label: t('column.reversed'), width: 24, align: 'end' },
          ],
          rows: all.map(({ reason, excluded, reversed }) => [
            t(`exclusions.reason.${reason}`),
            number(excluded),
            number(reversed),
          ]),
        }),
  )
}

/** Renders the kiosks' answers by agency, which are in no other figure of the report. */
export function kiosks(
  { kiosks: all = [] }: CityReport,
  { t, of, number, percent, interval }: Words,
): ReactElement {
  return h(
    View,
    {},
    say(t('kiosks.lead'), styles.lead),
    table({
      columns: [
        { label: t('column.agency'), width: 46 },
        { label: t('column.responses'), width: 16, align: 'end' },
        { label: t('column.share'), width: 14, align: 'end' },
        { label: t('column.interval'), width: 24, align: 'end' },
      ],
      rows: all.map((one) => [
        of(one.vi, one.en),
        number(one.responses),
        one.satisfied === null ? t('notApplicable') : percent(one.satisfied),
        one.satisfied === null ? '' : interval(one),
      ]),
    }),
  )
}

const FIELDS = [
  ['responses', 'responses'],
  ['satisfied', 'satisfied'],
  ['interval', 'low, high'],
  ['standing', 'standing'],
  ['band', 'band'],
  ['missing', 'missing'],
  ['lives', 'startedOn, endedOn'],
  ['chained', 'chained'],
  ['counts', 'options, counts'],
  ['limits', 'lowerLimit, upperLimit'],
  ['breaks', 'breaks'],
  ['comments', 'comments'],
  ['voices', 'voices'],
  ['recommendations', 'recommendations'],
] as const

const LATER_FIELDS = [
  ...FIELDS,
  ['front', 'front'],
  ['changes', 'front.changes'],
  ['outside', 'front.outside'],
  ['sensitive', 'front.sensitive'],
  ['problems', 'front.problems'],
  ['reasons', 'reasons'],
  ['kiosks', 'kiosks'],
  ['counting', 'counting, sameNetwork'],
] as const

export function glossary(): ReportGlossary {
  const [vi, en] = [wordsOf('vi'), wordsOf('en')]
  return LATER_FIELDS.map(([key, field]) => ({
    field,
    vi: vi.t(`data.field.${key}`),
    en: en.t(`data.field.${key}`),
  }))
}

export const fieldRows = ({ t, of }: Words, inFile?: ReportGlossary): [string, string][] =>
  inFile?.map(({ field, vi, en }) => [field, of(vi, en)]) ??
  FIELDS.map(([key, name]) => [name, t(`data.field.${key}`)])

/** Renders the section on how to check the files. `end` closes the report and is kept on a page with other text. */
export const data = (
  { glossary: inFile }: CityReport,
  sha256: string,
  { t }: Words,
  end: ReactElement,
): ReactElement =>
  h(
    View,
    { wrap: false },
    say(t('data.lead')),
    h(
      View,
      { style: { borderWidth: 0.9, paddingVertical: 5, paddingHorizontal: 8, marginVertical: 6 } },
      say(`SHA-256  ${sha256}`, { fontSize: 8.6, lineHeight: 1.4, fontWeight: 600 }),
    ),
    ...(inFile === undefined ? [] : [say(t('data.glossary'))]),
    end,
  )

export const fields = (w: Words): ReactElement =>
  h(
    View,
    {},
    say(w.t('data.file'), styles.lead),
    table({
      top: true,
      columns: [
        { label: w.t('column.field'), width: 26 },
        { label: w.t('column.meaning'), width: 74 },
      ],
      rows: fieldRows(w),
    }),
  )

/** The most reorganisations listed one by one; beyond that they are counted, and the workbook lists each. */
const MOST_LISTED = 6

/** Renders the reorganisations within the trend and their legal basis, numbered as in the chart. */
function breaksTable(events: readonly BreakEvent[], w: Words): ReactElement[] {
  if (events.length === 0) return []
  const { t, date } = w
  return [
    h(View, { minPresenceAhead: 60 }, title(t('breaks.title'))),
    say(t('breaks.lead'), styles.lead),
    table({
      top: true,
      columns: [
        { label: t('breaks.number'), width: 7 },
        { label: t('column.date'), width: 14 },
        { label: t('breaks.what'), width: 44 },
        { label: t('breaks.basis'), width: 35 },
      ],
      rows: events.map(({ on, basis, breaks }, at) => [
        String(at + 1),
        date(on),
        h(View, {}, ...told(breaks, w).map((line) => say(line))),
        basis,
      ]),
    }),
  ]
}

function told(breaks: readonly ReportBreak[], { t, of }: Words): string[] {
  if (breaks.length > MOST_LISTED) {
    const before = new Set(breaks.map(({ from }) => from.id)).size
    const after = new Set(breaks.flatMap(({ to }) => (to === null ? [] : [to.id]))).size
    return [t('breaks.many', { before, after })]
  }
  return breaks.map(({ kind, from, to }) =>
    t(`breaks.${to === null ? 'abolish' : kind}`, {
      from: of(from.vi, from.en),
      to: to === null ? '' : of(to.vi, to.en),
    }),
  )
}

function outsideTable({ front, agencies }: CityReport, w: Words): ReactElement[] {
  const all: readonly OutsideMonth[] = front?.outside ?? []
  if (all.length === 0) return []
  const { t, percent, number, interval, month, of } = w
  const named = new Map(agencies.map(({ id, vi, en }) => [id, of(vi, en)]))
  return [
    title(t('outside.title')),
    say(t('outside.lead'), styles.lead),
    table({
      columns: [
        { label: t('column.agency'), width: 34 },
        { label: t('column.month'), width: 12 },
        { label: t('column.responses'), width: 10, align: 'end' },
        { label: t('column.share'), width: 12, align: 'end' },
        { label: t('column.limits'), width: 20, align: 'end' },
        { label: t('column.note'), width: 12, align: 'end' },
      ],
      rows: all.map((one) => [
        named.get(one.agencyId) ?? one.agencyId,
        month(one.month),
        number(one.responses),
        percent(one.satisfied),
        interval({ low: one.lowerLimit, high: one.upperLimit }),
        t(`outside.${one.side}`),
      ]),
    }),
  ]
}
