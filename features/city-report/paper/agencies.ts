import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles, table, title } from '#components/paper/parts.ts'
import { placeOf } from '#features/results/rules.ts'
import { type CityReport, promiseCounts, type ReportAgency, type ReportPromise } from '../report-rules.ts'
import { drawInterval, floorOf } from './charts.ts'
import { groupName } from './front.ts'
import type { Words } from './sections.ts'

const HEADINGS = ['above', 'same', 'below', 'few', 'alone', 'uncovered', 'former', 'suppressed'] as const

/** Returns the heading under which an agency is listed. In older data former agencies were not compared. */
const headingOf = (agency: ReportAgency): (typeof HEADINGS)[number] =>
  agency.former && agency.endedOn === undefined && agency.standing !== 'suppressed'
    ? 'former'
    : placeOf(agency)

/** Renders the agencies of each group by band, in the catalogue's order within each: agencies are never ranked. */
export function agencies(report: CityReport, w: Words): ReactElement {
  const { groups, agencies: all } = report
  const { t } = w
  const floor = floorOf(all)
  return h(
    View,
    {},
    say(t('agenciesLead'), styles.lead),
    ...groups.flatMap(({ group, satisfied }) => {
      const own = all.filter((agency) => agency.group === group)
      return [
        h(View, { minPresenceAhead: 75, wrap: false }, say(groupName(report, group, w), { ...GROUP })),
        ...endings(own, w),
        ...HEADINGS.flatMap((heading) => {
          const some = own.filter((agency) => headingOf(agency) === heading)
          if (some.length === 0) return []
          return [
            title(t(`band.${heading}`)),
            ...(heading === 'suppressed'
              ? [unpublished(some, w)]
              : byStanding(some).map((part) => rows(part, { floor, group: satisfied }, w))),
          ]
        }),
      ]
    }),
  )
}

const GROUP = { fontSize: 11.5, lineHeight: 1.4, fontWeight: 600, marginTop: 8 } as const

/** Splits agencies by their standing: some former ones may have few answers, and others enough. */
const byStanding = (some: readonly ReportAgency[]): (readonly ReportAgency[])[] =>
  (['full', 'few'] as const)
    .map((standing) => some.filter((agency) => agency.standing === standing))
    .filter((part) => part.length > 0)

/** Renders that some agencies ended, and why their figures are separate from those of their successors. */
function endings(own: readonly ReportAgency[], { t }: Words): ReactElement[] {
  const count = own.filter(
    ({ endedOn, standing }) => endedOn !== undefined && standing !== 'suppressed',
  ).length
  return count === 0 ? [] : [say(t('endings', { count }), styles.lead)]
}

/** The most agencies named here; a longer list is counted here and printed in an annex. */
const MOST_NAMED = 12

const unpublished = (some: readonly ReportAgency[], { t, of }: Words): ReactElement =>
  say(
    some.length > MOST_NAMED
      ? t('band.suppressedMany', {
          count: some.length,
          fresh: some.filter(({ startedOn }) => startedOn !== undefined).length,
        })
      : t('band.suppressedText', {
          count: some.length,
          names: some.map(({ vi, en }) => of(vi, en)).join(', '),
        }),
    styles.grey,
  )

const listed = ({ groups, agencies: all }: CityReport) =>
  groups
    .map(({ group }) => ({
      group,
      some: all.filter((agency) => agency.group === group && agency.standing === 'suppressed'),
    }))
    .filter(({ some }) => some.length > MOST_NAMED)

const ACROSS = 3

/** Renders the names of agencies without published figures as an annex; null where they are named above. */
export function unpublishedNames(report: CityReport, w: Words): ReactElement | null {
  const lists = listed(report)
  if (lists.length === 0) return null
  return h(
    View,
    {},
    ...lists.map(({ group, some }) => {
      const long = Math.ceil(some.length / ACROSS)
      return table({
        columns: Array.from({ length: ACROSS }, (_, at) => ({
          label: at === 0 ? `${groupName(report, group, w)}: ${w.number(some.length)}` : '',
          width: 1,
        })),
        // In the catalogue's order down each column.
        rows: Array.from({ length: long }, (_, row) =>
          Array.from({ length: ACROSS }, (_, at) => {
            const one = some[at * long + row]
            return one === undefined ? '' : w.of(one.vi, one.en)
          }),
        ),
      })
    }),
  )
}

function rows(
  some: readonly ReportAgency[],
  look: { readonly floor: number; readonly group: number | null },
  w: Words,
): ReactElement {
  const { t, percent, number, interval, scale } = w
  const grey = some.every(({ standing }) => standing === 'few')
  return table({
    grey,
    columns: [
      { label: t('column.agency'), width: 32 },
      { label: t('column.responses'), width: 11, align: 'end' },
      { label: t('column.share'), width: 12, align: 'end' },
      { label: t('column.interval'), width: 21, align: 'end' },
      { label: scale(look.floor), width: 33, align: 'end' },
    ],
    rows: some.map((agency) => [
      nameOf(agency, grey, w),
      number(agency.responses),
      percent(agency.satisfied),
      interval(agency),
      drawInterval(agency, { ...look, grey }),
    ]),
  })
}

/** Renders an agency's name and below it how many answers are missing, when it ended, and which agencies it continues. */
function nameOf(agency: ReportAgency, grey: boolean, { t, of, date }: Words): string | ReactElement {
  const { vi, en, former, missing, endedOn, chained = [] } = agency
  const notes = [
    ...(grey && !former ? [t('missing', { count: missing })] : []),
    ...(endedOn === undefined ? [] : [t('endedOn', { date: date(endedOn) })]),
    ...chained.map((one) => t('chained', { name: of(one.vi, one.en), date: date(one.on) })),
  ]
  if (notes.length === 0) return of(vi, en)
  return h(View, {}, say(of(vi, en)), ...notes.map((note) => say(note, styles.small)))
}

const STANDINGS = ['made', 'kept', 'keptLate', 'overdue', 'doing', 'moved'] as const

/** Writes the state of a promise with its dates; a moved promise still names the first date. */
export function tellPromise({ state, late, firstDue, due, keptOn }: ReportPromise, { t, date }: Words) {
  const first = date(firstDue)
  if (keptOn !== null)
    return t(late ? 'promises.keptLateOn' : 'promises.keptOn', { date: date(keptOn), first })
  const moved = firstDue === due ? '' : ` ${t('promises.movedTo', { date: date(due) })}`
  return `${t(state === 'overdue' ? 'promises.lateSince' : 'promises.dueOn', { date: first })}${moved}`
}

export function promises(report: CityReport, w: Words): ReactElement {
  const { voices, agencies } = report
  const { t, number, of } = w
  const all = voices?.promises ?? []
  if (all.length === 0) return say(t(voices === undefined ? 'promises.untold' : 'promises.none'))
  const counts = promiseCounts(all)
  const named = new Map(agencies.map(({ id, vi, en }) => [id, of(vi, en)]))
  return h(
    View,
    {},
    say(t('promises.lead'), styles.lead),
    table({
      columns: [
        { label: t('column.state'), width: 70 },
        { label: t('column.count'), width: 30, align: 'end' },
      ],
      rows: STANDINGS.map((key) => [t(`promises.count.${key}`), number(counts[key])]),
    }),
    title(t('promises.each')),
    table({
      top: true,
      columns: [
        { label: t('column.agency'), width: 24 },
        { label: t('promises.promise'), width: 46 },
        { label: t('column.state'), width: 30 },
      ],
      rows: all.map((one) => [
        named.get(one.agencyId) ?? one.agencyId,
        of(one.vi, one.en),
        tellPromise(one, w),
      ]),
    }),
  )
}

/** Renders the free-text questions with their numbers of answers, which are listed although they have no options. */
export function textQuestions({ voices }: CityReport, { t, number, of }: Words): ReactElement[] {
  const texts = voices?.texts ?? []
  if (texts.length === 0) return []
  return [
    title(t('texts.title')),
    say(t('texts.lead')),
    table({
      top: true,
      columns: [
        { label: t('texts.question'), width: 70 },
        { label: t('texts.answers'), width: 30, align: 'end' },
      ],
      rows: texts.map(({ version, vi, en, agencies }) => {
        const answers = agencies.reduce((sum, one) => sum + one.answers, 0)
        return [
          `${of(vi, en)} (${t('texts.version', { version })})`,
          answers === 0 ? t('comments.under') : number(answers),
        ]
      }),
    }),
  ]
}

/** Renders the survey manager's recommendations, one paragraph per line, and states whose words they are. */
export function recommendations({ recommendations: words }: CityReport, { t, of }: Words): ReactElement {
  const lines = words === undefined ? [] : of(words.vi, words.en).split(/\n+/)
  return h(
    View,
    {},
    say(t('recommendations.lead'), styles.lead),
    ...lines.map((line) => say(line, { marginBottom: 4 })),
  )
}
