import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles, table, title } from '#components/paper/parts.ts'
import type { CityReport } from '#features/city-report/rules/report-data.ts'
import { promiseCounts, type ReportPromise } from '../../rules/report-voices.ts'
import type { Words } from './words.ts'

const STANDINGS = ['made', 'kept', 'keptLate', 'overdue', 'doing', 'moved'] as const

/** Returns the standing of a promise with its days; a moved promise keeps the day promised first. */
export function standingOf(
  { state, late, firstDue, due, keptOn }: ReportPromise,
  { t, date }: Words,
): string {
  const first = date(firstDue)
  if (keptOn !== null)
    return t(late ? 'promises.keptLateOn' : 'promises.keptOn', { date: date(keptOn), first })
  const moved = firstDue === due ? '' : ` ${t('promises.movedTo', { date: date(due) })}`
  return `${t(state === 'overdue' ? 'promises.lateSince' : 'promises.dueOn', { date: first })}${moved}`
}

/** Returns the part that says what agencies promised and whether they kept it. */
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
        standingOf(one, w),
      ]),
    }),
  )
}

/**
 * Returns the questions that are answered in words, with the number of answers. They have no options, and are listed
 * all the same.
 */
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

/** Returns the part that says what the survey manager recommends, a paragraph a line, with whose words they are. */
export function recommendations({ recommendations: words }: CityReport, { t, of }: Words): ReactElement {
  const lines = words === undefined ? [] : of(words.vi, words.en).split(/\n+/)
  return h(
    View,
    {},
    say(t('recommendations.lead'), styles.lead),
    ...lines.map((line) => say(line, { marginBottom: 4 })),
  )
}
