import { StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { nfc, say, styles, table } from '#components/paper/parts.ts'
import { type AgencyGroup, placesOf } from '#features/agencies/rules.ts'
import { COVERAGE_LEAST } from '#features/ratings/volumes/rules.ts'
import { cityWords } from '#messages/city.ts'
import { hasEnded, lineStart } from '../period-rules.ts'
import type { CityReport } from '../report-rules.ts'
import { drawInterval, floorOf } from './charts.ts'
import { type FrozenReport, numeralOf, type Words } from './sections.ts'

const frontStyles = StyleSheet.create({
  head: { flexDirection: 'row', justifyContent: 'space-between' },
  office: { alignItems: 'center', width: 190, fontSize: 9, lineHeight: 1.4 },
  nation: { alignItems: 'center', width: 265, fontSize: 9, lineHeight: 1.4 },
  middle: { textAlign: 'center' },
  // As Decree 30/2020 requires: the line under the office's name is shorter than the name, the one under the motto as
  // long.
  short: { borderBottomWidth: 0.75, marginTop: 2, marginBottom: 5 },
  long: { borderBottomWidth: 0.75, marginBottom: 5, paddingBottom: 1 },
  name: { fontSize: 17, lineHeight: 1.35, fontWeight: 600, textAlign: 'center', marginTop: 8 },
  subtitle: { fontSize: 12, lineHeight: 1.35, fontWeight: 600, textAlign: 'center' },
  period: { fontSize: 11, lineHeight: 1.35, textAlign: 'center', marginTop: 2 },
  to: { textAlign: 'center', marginTop: 4, marginBottom: 0 },
  fact: { flexDirection: 'row', paddingVertical: 2, borderBottomWidth: 0.4, borderColor: '#b8b8b8' },
  term: { width: 92, color: '#444' },
  value: { flexGrow: 1, flexBasis: 0 },
  item: { flexDirection: 'row', marginBottom: 3 },
  mark: { width: 16 },
  big: { flexDirection: 'row', alignItems: 'center', borderWidth: 0.9, padding: 10, marginBottom: 8 },
  share: { fontSize: 30, lineHeight: 1.2, fontWeight: 600, width: 128 },
  beside: { flexGrow: 1, flexBasis: 0 },
  words: { fontSize: 12, lineHeight: 1.4, fontWeight: 600 },
})

export function front({ report }: FrozenReport, w: Words): ReactElement {
  const { t, of, locale } = w
  const { office } = report
  const city = cityWords(locale).city.toLocaleUpperCase(locale)
  const facts = [
    [t('fact.period'), lineStart(w.period(report))],
    [t('fact.scope'), lineStart(scopeName(report, w))],
    [t('fact.through'), lineStart(throughOf(report, w))],
  ] as const
  return h(
    View,
    {},
    h(
      View,
      { style: frontStyles.head },
      h(
        View,
        { style: frontStyles.office },
        ...(office === undefined
          ? [say(t('office.first'), styles.bold), ...named(city)]
          : [
              say(t('office.first')),
              say(city),
              ...named(of(office.vi, office.en).toLocaleUpperCase(locale)),
            ]),
        say(t('number', { office: office === undefined ? '' : `-${office.abbreviation}` })),
      ),
      h(
        View,
        { style: frontStyles.nation },
        say(t('nation.first'), styles.bold),
        h(View, { style: frontStyles.long }, say(t('nation.second'), styles.bold)),
        say(t('dated', cityWords(locale))),
      ),
    ),
    say(t('title'), frontStyles.name, 'H1'),
    say(t('subtitle'), frontStyles.subtitle),
    say(lineStart(w.period(report)), frontStyles.period),
    ...(report.front === undefined
      ? []
      : [
          say(
            t('covers', { scope: lineStart(scopeName(report, w)), through: throughOf(report, w) }),
            frontStyles.middle,
          ),
        ]),
    say(t('to', cityWords(locale)), frontStyles.to),
    ...(report.front === undefined
      ? facts.map(([term, value]) =>
          h(View, { style: frontStyles.fact }, say(term, frontStyles.term), say(value, frontStyles.value)),
        )
      : []),
  )
}

/** The width of a capital at the heading's size in points, and the part of a name that its rule covers. */
const CAPITAL = 6.2
const RULED = 0.4

const named = (office: string): ReactElement[] => [
  say(office, { ...styles.bold, ...frontStyles.middle }),
  h(View, { style: { ...frontStyles.short, width: Math.min(70, office.length * CAPITAL * RULED) } }),
]

const placesIn = ({ agencies }: CityReport) => placesOf(agencies.map(({ kind }) => kind))

export const scopeName = (report: CityReport, { t }: Words): string =>
  t(`scope.${report.scope}`, { count: report.agencies.length, places: placesIn(report) })

export const groupName = (report: CityReport, group: AgencyGroup, { t }: Words): string =>
  t(`group.${group}`, { places: placesIn(report) })

export function throughOf({ period }: CityReport, { t, date }: Words): string {
  return t(hasEnded(period) ? 'fact.throughValue' : 'fact.running', { date: date(period.through) })
}

const METHOD = [
  'who',
  'share',
  'tens',
  'network',
  'rule',
  'sums',
  'trial',
  'bands',
  'dispersion',
  'coverage',
  'changes',
  'limits',
  'frozen',
] as const

export const method = (report: CityReport, w: Words): ReactElement =>
  h(
    View,
    {},
    ...methodLines(report, w).map((line, at) =>
      h(
        View,
        { style: frontStyles.item, wrap: false },
        say(`${at + 1}.`, frontStyles.mark),
        say(line, frontStyles.value),
      ),
    ),
  )

/** Returns how the figures were computed; leaves out lines that are not true for data frozen earlier. */
export const methodLines = (report: CityReport, { t, date, percent }: Words): string[] => {
  const { counting, front: first, total, agencies, weighted } = report
  const since = counting?.since ?? null
  const holds: Partial<Record<(typeof METHOD)[number], boolean>> = {
    changes: first !== undefined,
    network: counting !== undefined,
    rule: since !== null,
    dispersion: counting !== undefined,
    coverage: agencies.some(({ coverage }) => coverage !== undefined),
  }
  return METHOD.filter((key) => holds[key] ?? true).map((key) =>
    t(`method.${key}`, {
      section: numeralOf(report, 'data'),
      sameNetwork: total.sameNetwork ?? 0,
      since: since === null ? '' : date(since),
      factor: counting?.dispersion.factor ?? 1,
      compared: counting?.dispersion.compared ?? 1,
      values: counting?.dispersion.values ?? 0,
      least: COVERAGE_LEAST,
      weighted: weighted === undefined ? 'none' : percent(weighted.value),
      smallest: Math.round((counting?.smallestDifference ?? 0) * 100),
    }),
  )
}

export function headline(report: CityReport, w: Words): ReactElement {
  const { total, groups } = report
  const { t, percent, number, interval } = w
  if (total.satisfied === null || total.low === null || total.high === null) return say(t('headline.none'))
  const floor = floorOf(groups)
  const range = { low: percent(total.low), high: percent(total.high), count: total.responses }
  const rows = groups.map((group) => [
    groupName(report, group.group, w),
    number(group.responses),
    percent(group.satisfied),
    interval(group),
    drawInterval(group, { floor, group: total.satisfied }),
  ])
  const everybody = h(
    View,
    { style: frontStyles.big },
    h(Text, { style: frontStyles.share }, percent(total.satisfied)),
    h(
      View,
      { style: frontStyles.beside },
      say(t('headline.words'), frontStyles.words),
      h(Text, {}, nfc(t('headline.range', range))),
    ),
  )
  return h(
    View,
    { wrap: false },
    // The first page already has the share of everybody, so only the groups follow here.
    ...(report.front === undefined || groups.length < 2 ? [everybody] : []),
    groups.length < 2
      ? null
      : table({
          columns: [
            { label: t('headline.group'), width: 28 },
            { label: t('column.responses'), width: 11, align: 'end' },
            { label: t('column.share'), width: 12, align: 'end' },
            { label: t('column.interval'), width: 23, align: 'end' },
            { label: w.scale(floor), width: 34, align: 'end' },
          ],
          rows,
        }),
  )
}
