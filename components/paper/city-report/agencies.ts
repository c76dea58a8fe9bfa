import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import type { CityReport, ReportAgency } from '#domain/survey/city-report.ts'
import { placeOf } from '#domain/survey/results.ts'
import { say, styles, table, title } from '../parts.ts'
import { floorOf, whisker } from './charts.ts'
import { groupOf } from './front.ts'
import type { Words } from './words.ts'

const HEADINGS = ['above', 'same', 'below', 'few', 'alone', 'former', 'suppressed'] as const

/** Under which heading an agency stands: those that are no more are compared with nobody. */
const headingOf = (agency: ReportAgency): (typeof HEADINGS)[number] =>
  agency.former && agency.standing !== 'suppressed' ? 'former' : placeOf(agency)

/** Every agency of a group in bands, in the catalogue's order within each: nobody is ranked. */
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

/** Of those that are no more some may have few answers, and others enough. */
const byStanding = (some: readonly ReportAgency[]): (readonly ReportAgency[])[] =>
  (['full', 'few'] as const)
    .map((standing) => some.filter((agency) => agency.standing === standing))
    .filter((part) => part.length > 0)

const unpublished = (some: readonly ReportAgency[], { t, of }: Words): ReactElement =>
  say(
    t('band.suppressedText', { count: some.length, names: some.map(({ vi, en }) => of(vi, en)).join(', ') }),
    styles.grey,
  )

function rows(
  some: readonly ReportAgency[],
  look: { readonly floor: number; readonly group: number | null },
  { t, of, percent, number, interval, scale }: Words,
): ReactElement {
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
      grey && !agency.former
        ? h(
            View,
            {},
            say(of(agency.vi, agency.en)),
            say(t('missing', { count: agency.missing }), styles.small),
          )
        : of(agency.vi, agency.en),
      number(agency.responses),
      percent(agency.satisfied),
      interval(agency),
      whisker(agency, { ...look, grey }),
    ]),
  })
}
