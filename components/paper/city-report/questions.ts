import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import type { CityReport, ReportQuestion } from '#domain/survey/city-report.ts'
import { say, styles, table, title } from '../parts.ts'
import { bar } from './charts.ts'
import type { Words } from './words.ts'

/** How each question was answered, the newest version of the questions first. */
export function questions({ questions: all }: CityReport, w: Words): ReactElement {
  const { t } = w
  if (all.length === 0) return say(t('question.empty'))
  const versions = [...new Set(all.map(({ version }) => version))]
  return h(
    View,
    {},
    ...versions.flatMap((version) => {
      const own = all.filter((question) => question.version === version)
      return [
        ...(versions.length > 1 ? [title(t('question.version', { version }))] : []),
        ...own.map((question, at) => one(question, at + 1, w)),
      ]
    }),
  )
}

function one(question: ReportQuestion, number: number, w: Words): ReactElement {
  const { t, of } = w
  const { respondents, kind } = question
  return h(
    View,
    { wrap: false, style: { marginBottom: 9 } },
    say(`${number}. ${of(question.vi, question.en)}`, styles.title),
    respondents === 0
      ? say(t('question.none'), styles.grey)
      : h(
          View,
          {},
          say(summary(question, w), { ...styles.small, marginBottom: 2 }),
          ...(kind === 'several' ? [say(t('question.several'), styles.small)] : []),
          distribution(question, w),
        ),
  )
}

function summary({ respondents, satisfied, low, high, kind }: ReportQuestion, { t, percent }: Words): string {
  const base = t('question.base', { count: respondents })
  if (satisfied === null || low === null || high === null) return base
  const share = { share: percent(satisfied), low: percent(low), high: percent(high) }
  return `${t(kind === 'rating' ? 'question.scale' : 'question.satisfied', share)}; ${base}`
}

const distribution = (
  { options, respondents }: ReportQuestion,
  { t, of, percent, number }: Words,
): ReactElement =>
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
