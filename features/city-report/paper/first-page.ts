import { StyleSheet, Text, View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { nfc, say, styles, table, title } from '#components/paper/parts.ts'
import { as } from '#components/paper/tagged.ts'
import {
  type OutsideMonth,
  type ReportChange,
  type ReportFront,
  type ReportSensitive,
  surestChanges,
} from '../front-rules.ts'
import { type CityReport, promiseCounts } from '../report-rules.ts'
import { bandLines } from './questions.ts'
import { numeralOf, type Words } from './sections.ts'

const own = StyleSheet.create({
  big: { flexDirection: 'row', alignItems: 'center', borderWidth: 0.9, padding: 7, marginBottom: 4 },
  share: { fontSize: 27, lineHeight: 1.2, fontWeight: 600, width: 98 },
  beside: { flexGrow: 1, flexBasis: 0 },
  words: { fontSize: 11, lineHeight: 1.4, fontWeight: 600 },
  line: { marginBottom: 3 },
  delicate: { borderWidth: 0.9, borderLeftWidth: 4, paddingVertical: 5, paddingHorizontal: 8, marginTop: 4 },
  item: { flexDirection: 'row', marginBottom: 3 },
  mark: { width: 16 },
})

/** The most agencies that are named here; more are a count, with the part of the report that lists them. */
const MOST_NAMED = 5

const questionOf = ({ questions }: CityReport, { version, key }: { version: number; key: string }) =>
  questions.find((one) => one.version === version && one.key === key)

/** Returns a change in points with its sign: `+3,2`. */
const points = (share: number, { signed }: Words): string => signed(100 * share)

/** Returns the one sentence that the report is read for. */
export function answerOf({ total, front }: CityReport, w: Words): string {
  const { t, percent } = w
  const share = percent(total.satisfied)
  const change = front?.total ?? null
  if (change === null) return t('front.answer.alone', { share })
  const how = !change.beyond ? 'same' : change.exact.difference > 0 ? 'higher' : 'lower'
  return t(`front.answer.${how}`, {
    share,
    was: percent(change.before.top / change.before.base),
    points: points(change.exact.difference, w),
  })
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
    low: points(exact.low, w),
    high: points(exact.high, w),
  })}`
}

/** Returns the first page under its heading: the answer, what changed, what is delicate, what was promised, what is asked. */
export function firstPage(report: CityReport, front: ReportFront, w: Words): ReactElement {
  const { t } = w
  if (report.total.satisfied === null) return say(t('headline.none'))
  const asked = decisions(report, front, w)
  return h(
    View,
    {},
    h(
      View,
      { style: own.big, wrap: false },
      h(Text, { ...as('P'), style: own.share }, w.percent(report.total.satisfied)),
      h(
        View,
        { style: own.beside },
        say(answerOf(report, w), own.words),
        say(beneath(report, w), styles.small),
        say(t('front.limits', { section: numeralOf(report, 'method') }), styles.small),
      ),
    ),
    ...bandLines(report, w).map((line) => say(line, own.line)),
    ...changes(report, front, w),
    ...front.sensitive.flatMap((one) => sensitive(one, report, front, w)),
    title(t('front.promises.title')),
    say(promised(report, w)),
    title(t('front.decide.title')),
    ...(asked.length === 0 ? [say(t('front.decide.none'))] : []),
    ...asked.map((line, at) =>
      h(
        View,
        { style: own.item, wrap: false },
        ...(asked.length > 1 ? [say(`${at + 1}.`, own.mark)] : []),
        h(Text, { ...as('P'), style: own.beside }, nfc(line)),
      ),
    ),
  )
}

/** Returns what a change is of, in words. */
export function nameOfChange({ of }: ReportChange, report: CityReport, w: Words): string {
  if (of.kind === 'total') return w.t('headline.total')
  if (of.kind === 'agency') {
    const agency = report.agencies.find(({ id }) => id === of.id)
    return agency === undefined ? of.id : w.of(agency.vi, agency.en)
  }
  const question = questionOf(report, of)
  return question === undefined ? of.key : w.t('front.question', { text: w.of(question.vi, question.en) })
}

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
              points: points(change.exact.difference, w),
              low: points(change.exact.low, w),
              high: points(change.exact.high, w),
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

/** Returns a delicate question in a frame of its own, with how many people answered and how they were asked. */
function sensitive(one: ReportSensitive, report: CityReport, front: ReportFront, w: Words): ReactElement[] {
  const question = questionOf(report, one)
  if (question === undefined || question.use === 'past') return []
  const { t, of, percent, number } = w
  const { told } = one
  const answered = t('front.sensitive.answered', {
    ...{ count: number(told.base), all: number(report.total.responses) },
    way: t(question.required ? 'front.sensitive.required' : 'front.sensitive.optional'),
  })
  const shares = question.options
    .map(
      (option) =>
        `${of(option.vi, option.en)} ${percent(option.count / told.base)} (${number(option.count)})`,
    )
    .join('; ')
  return [
    h(
      View,
      { style: own.delicate, wrap: false },
      say(t('front.sensitive.title', { text: of(question.vi, question.en) }), styles.bold),
      ...(told.base === 0
        ? [say(t('question.none'), styles.small)]
        : [
            say(
              one.low === null || one.high === null
                ? shares
                : t('front.sensitive.share', {
                    share: percent(told.top / told.base),
                    option: optionOf(one, question, w),
                    ...{ low: percent(one.low), high: percent(one.high) },
                    bound: t(`front.sensitive.${sideOf(one.low, one.high, front.bound)}`, {
                      bound: percent(front.bound),
                    }),
                  }),
            ),
            say(`${answered} ${one.option === null ? '' : shares}`.trim(), styles.small),
          ]),
    ),
  ]
}

const sideOf = (low: number, high: number, bound: number): 'above' | 'unsure' | 'below' =>
  low > bound ? 'above' : high <= bound ? 'below' : 'unsure'

const optionOf = (
  { option }: ReportSensitive,
  { options }: CityReport['questions'][number],
  { of }: Words,
): string => {
  const found = options.find(({ code }) => code === option)
  return found === undefined ? '' : of(found.vi, found.en)
}

function promised({ voices }: CityReport, { t }: Words): string {
  const all = voices?.promises ?? []
  return all.length === 0 ? t('promises.none') : t('front.promises.counts', promiseCounts(all))
}

/** Returns what the Committee is asked to decide: each from a fact of the report, by a bound that is stated. */
export function decisions(report: CityReport, front: ReportFront, w: Words): string[] {
  const { t, of, percent, month } = w
  const named = new Map(report.agencies.map(({ id, vi, en }) => [id, of(vi, en)]))
  const nameOf = (id: string) => named.get(id) ?? id
  const below = front.outside.filter(({ side }) => side === 'below')
  const overdue = report.voices?.promises.filter(({ state }) => state === 'overdue') ?? []
  const owing = [...new Set(overdue.map(({ agencyId }) => agencyId))]
  const some = (names: readonly string[], section: string) =>
    names.length <= MOST_NAMED ? names.join('; ') : t('front.decide.many', { count: names.length, section })
  return [
    ...front.sensitive.flatMap((one) => {
      const question = one.above ? questionOf(report, one) : undefined
      if (question === undefined || question.use === 'past') return []
      return [
        t(front.sensitive.length === 1 ? 'front.decide.thisSensitive' : 'front.decide.sensitive', {
          text: of(question.vi, question.en),
          option: optionOf(one, question, w),
          share: percent(one.told.top / one.told.base),
          bound: percent(front.bound),
        }),
      ]
    }),
    ...(below.length === 0
      ? []
      : [
          t('front.decide.outside', {
            names: some(
              below.map((one) =>
                t('front.decide.month', {
                  ...{ name: nameOf(one.agencyId), month: month(one.month) },
                  share: percent(one.satisfied),
                }),
              ),
              numeralOf(report, 'trend'),
            ),
          }),
        ]),
    ...(overdue.length === 0
      ? []
      : [
          t('front.decide.overdue', {
            count: overdue.length,
            names: some(owing.map(nameOf), numeralOf(report, 'promises')),
            section: numeralOf(report, 'promises'),
          }),
        ]),
    ...(report.recommendations === undefined
      ? []
      : [t('summary.recommendations', { section: numeralOf(report, 'recommendations') })]),
  ]
}

/** Returns the months in which an agency's share left the limits of chance; nothing where none did. */
export function outsideTable({ front, agencies }: CityReport, w: Words): ReactElement[] {
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
