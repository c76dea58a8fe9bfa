import { StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { GREY, nfc, say, styles, table, title } from '#components/paper/parts.ts'
import { as } from '#components/paper/tagged.ts'
import type { Band } from '#features/results/rules.ts'
import { type ReportFront, surestChanges } from '../front-rules.ts'
import { problemsOf } from '../problems-rules.ts'
import type { CityReport } from '../report-rules.ts'
import { frontLines, nameOfChange, promised, signedPoints, wrongWords } from './first-words.ts'
import { numeralOf, type Words } from './sections.ts'

const own = StyleSheet.create({
  answer: { fontSize: 13, lineHeight: 1.35, fontWeight: 600, marginTop: 12, marginBottom: 6 },
  pair: { flexDirection: 'row', gap: 16 },
  big: { flexGrow: 1, flexBasis: 0, borderTopWidth: 0.9, paddingTop: 3 },
  share: { fontSize: 25, lineHeight: 1.2, fontWeight: 600 },
  beside: { flexGrow: 1, flexBasis: 0 },
  words: { fontSize: 11, lineHeight: 1.4, fontWeight: 600 },
  heading: { ...styles.title, marginTop: 6, marginBottom: 1 },
  line: { marginBottom: 1.5, fontSize: 8.8, lineHeight: 1.4 },
  delicate: { borderWidth: 0.9, borderLeftWidth: 4, paddingVertical: 2, paddingHorizontal: 7 },
  bands: { flexDirection: 'row', gap: 3, marginBottom: 2 },
  band: { borderWidth: 0.75, textAlign: 'center', flexBasis: 0, minWidth: 26, fontSize: 9, fontWeight: 600 },
  trust: { fontSize: 8.2, lineHeight: 1.35, color: GREY, marginTop: 3 },
  item: { flexDirection: 'row', marginBottom: 1.5, fontSize: 8.8, lineHeight: 1.4 },
  mark: { width: 16 },
})

const heading = (text: string): ReactElement => h(View, { wrap: false }, say(text, own.heading, 'H3'))

/** Draws how many agencies are above, with and below their group, and how many cannot be compared: black, white, grey, dashed. */
function bandBar({ agencies }: CityReport): ReactElement {
  const open = agencies.filter(({ former }) => !former)
  const count = (which: Band | null) => open.filter(({ band }) => band === which).length
  const looks = [
    ['above', { backgroundColor: '#000', color: '#fff' }],
    ['same', {}],
    ['below', { backgroundColor: '#b8b8b8' }],
    [null, { borderStyle: 'dashed' }],
  ] as const
  return h(
    View,
    { style: own.bands, wrap: false },
    ...looks.flatMap(([band, look]) => {
      const some = count(band)
      return some === 0 ? [] : [h(Text, { style: { ...own.band, ...look, flexGrow: some } }, String(some))]
    }),
  )
}

function beneath({ total, front }: CityReport, w: Words): string {
  const { t, interval, number, month, percent } = w
  const said = t('front.range', { interval: interval(total), count: number(total.responses) })
  if (front === undefined) return said
  const period = { from: month(front.before.from), to: month(front.before.to) }
  const { total: change, compared } = front
  if (change === null)
    return compared === 'agencies' || compared === 'rule'
      ? `${said} ${t(`front.notCompared.${compared}`, period)}`
      : said
  const { before, exact } = change
  return `${said} ${t('front.before', {
    ...period,
    was: percent(before.top / before.base),
    count: number(before.base),
    low: signedPoints(exact.low, w),
    high: signedPoints(exact.high, w),
  })}`
}

/** Renders the first page below its heading: the answer, problems, money, reasons, places, decisions and limits. */
export function firstPage(report: CityReport, front: ReportFront, w: Words): ReactElement {
  const { t } = w
  if (report.total.satisfied === null) return say(t('headline.none'))
  const lines = frontLines(report, front, w)
  const [worst] = problemsOf(report)
  const big = (share: string, words: string, ...more: readonly string[]) =>
    h(
      View,
      { style: own.big, wrap: false },
      h(Text, { ...as('P'), style: own.share }, share),
      say(words, own.words),
      ...more.map((one) => say(one, styles.small)),
    )
  const listed = (all: readonly string[]) =>
    all.map((line, at) =>
      h(
        View,
        { style: own.item, wrap: false },
        ...(all.length > 1 ? [say(`${at + 1}.`, own.mark)] : []),
        h(Text, { ...as('P'), style: own.beside }, nfc(line)),
      ),
    )
  return h(
    View,
    {},
    say(lines.answer, own.answer, 'H2'),
    h(
      View,
      { style: own.pair },
      big(w.percent(report.total.satisfied), t('headline.words'), beneath(report, w)),
      ...(worst === undefined
        ? []
        : [
            big(
              w.percent(worst.top / worst.base),
              wrongWords(worst.question, w),
              t('front.range', { interval: w.interval(worst), count: w.number(worst.base) }),
            ),
          ]),
    ),
    say(lines.trust.join(' '), own.trust),
    heading(t('front.problems.title')),
    ...(lines.problems.length === 0 ? [say(t('front.problems.none'))] : listed(lines.problems)),
    ...(lines.reasons.length === 0
      ? []
      : [heading(t('front.reasons.title')), ...lines.reasons.map((line) => say(line, own.line))]),
    ...(lines.sensitive.length === 0
      ? []
      : [
          heading(t('front.sensitive.heading')),
          h(
            View,
            { style: own.delicate, wrap: false },
            ...lines.sensitive.map((line) => say(line, own.line)),
          ),
        ]),
    heading(t('front.where')),
    bandBar(report),
    say(lines.where, own.line),
    heading(t('front.decide.title')),
    ...(lines.decide.length === 0 ? [say(t('front.decide.none'))] : listed(lines.decide)),
  )
}

export const changesAndPromises = (report: CityReport, front: ReportFront, w: Words): ReactElement[] => [
  ...changes(report, front, w),
  title(w.t('front.promises.title')),
  say(promised(report, w)),
]

function changes(report: CityReport, front: ReportFront, w: Words): ReactElement[] {
  const { t, month, number } = w
  const period = { from: month(front.before.from), to: month(front.before.to) }
  const heading = title(t('front.changes.title', period))
  if (front.compared === 'short' || front.compared === 'rule')
    return [heading, say(t(`front.notCompared.${front.compared}`, period))]
  const sides = (['better', 'worse'] as const).map((side) => ({
    side,
    ...surestChanges(front.changes, side),
  }))
  if (sides.every(({ shown }) => shown.length === 0))
    return [heading, say(t('front.changes.none', { count: number(front.changes.length) }))]
  return [
    heading,
    ...sides.flatMap(({ side, shown, more }) => {
      if (shown.length === 0) return [say(t(`front.changes.no.${side}`), own.line)]
      return [
        table({
          columns: [
            { label: t(`front.changes.${side}`), width: 46 },
            { label: t('front.changes.was'), width: 12, align: 'end' },
            { label: t('front.changes.is'), width: 12, align: 'end' },
            { label: t('front.changes.points'), width: 30, align: 'end' },
          ],
          rows: shown.map((change) => [
            nameOfChange(change, report, w),
            w.percent(change.before.top / change.before.base),
            w.percent(change.now.top / change.now.base),
            t('front.changes.range', {
              points: signedPoints(change.exact.difference, w),
              low: signedPoints(change.exact.low, w),
              high: signedPoints(change.exact.high, w),
            }),
          ]),
        }),
        ...(more === 0 ? [] : [say(t(`front.changes.more.${side}`, { count: more }), styles.small)]),
      ]
    }),
    say(t('front.changes.note', { section: numeralOf(report, 'method') }), {
      ...styles.small,
      ...styles.grey,
    }),
  ]
}
