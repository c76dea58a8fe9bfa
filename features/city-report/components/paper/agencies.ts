import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles, table, title } from '#components/paper/parts.ts'
import type { CityReport, ReportAgency } from '#features/city-report/rules/report-data.ts'
import { placeOf } from '#features/results/rules/results.ts'
import { drawInterval, floorOf } from './charts.ts'
import { groupOf } from './front.ts'
import type { Words } from './words.ts'

const HEADINGS = ['above', 'same', 'below', 'few', 'alone', 'former', 'suppressed'] as const

/**
 * Returns the heading that an agency is listed under. In older data the agencies that have ended were compared with
 * none.
 */
const headingOf = (agency: ReportAgency): (typeof HEADINGS)[number] =>
  agency.former && agency.endedOn === undefined && agency.standing !== 'suppressed'
    ? 'former'
    : placeOf(agency)

/** Returns every agency of a group in bands, in the catalogue's order within each: agencies are never ranked. */
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
        h(View, { minPresenceAhead: 75, wrap: false }, say(groupOf(report, group, w), { ...GROUP })),
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

/** Splits agencies by their standing: among those that have ended some may have few answers, and others enough. */
const byStanding = (some: readonly ReportAgency[]): (readonly ReportAgency[])[] =>
  (['full', 'few'] as const)
    .map((standing) => some.filter((agency) => agency.standing === standing))
    .filter((part) => part.length > 0)

/** Says that some agencies ended, and why their figures are apart from the figures of their successors. */
function endings(own: readonly ReportAgency[], { t }: Words): ReactElement[] {
  const count = own.filter(
    ({ endedOn, standing }) => endedOn !== undefined && standing !== 'suppressed',
  ).length
  return count === 0 ? [] : [say(t('endings', { count }), styles.lead)]
}

/** The most agencies that are named here; more are a count, and a list at the end. */
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

/** Returns the groups whose agencies without published figures are too many to be named where they are counted. */
const listed = ({ groups, agencies: all }: CityReport) =>
  groups
    .map(({ group }) => ({
      group,
      some: all.filter((agency) => agency.group === group && agency.standing === 'suppressed'),
    }))
    .filter(({ some }) => some.length > MOST_NAMED)

const ACROSS = 3

/** Returns the names of the agencies without published figures, as an annex; null where they are named above. */
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
          label: at === 0 ? `${groupOf(report, group, w)}: ${w.number(some.length)}` : '',
          width: 1,
        })),
        // Down each column in the catalogue's order.
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

/** Returns an agency's name, and under it what its figures lack, when it ended, and which agencies it continues. */
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
