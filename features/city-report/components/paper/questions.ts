import { View } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { say, styles, table, title } from '#components/paper/parts.ts'
import type { CityReport, ReportQuestion } from '#features/city-report/rules/report-data.ts'
import { byFigures, kindOf } from '#features/questionnaires/rules/question-kinds.ts'
import { bar } from './charts.ts'
import type { Words } from './words.ts'

/** Tells whether a question is asked on trial alone: those are told at the end. */
const isTried = ({ use }: ReportQuestion): boolean => use === 'trial'

export const triedQuestions = ({ questions }: CityReport): readonly ReportQuestion[] =>
  questions.filter(isTried)

/** Returns the part that says how each question was answered: those in use first, then those of before. */
export function questions({ questions: every }: CityReport, w: Words): ReactElement {
  const { t } = w
  const all = every.filter((question) => !isTried(question))
  if (all.length === 0) return say(t('question.empty'))
  const past = all.filter(({ use }) => use === 'past')
  // Data frozen before the versions were added up has no use: it is told version by version, as it was.
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

/** Returns the questions that only a trial asks, under its version and days. */
export function trialQuestions(report: CityReport, w: Words): ReactElement {
  const { t, date } = w
  const { trials = [] } = report
  const tried = triedQuestions(report)
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
          say(summary(question, w), { ...styles.small, marginBottom: 2 }),
          ...(note === null ? [] : [say(t(note), styles.small)]),
          byFigures(question.kind, { options: () => distribution(question, w) }),
        ),
  )
}

function summary(question: ReportQuestion, { t, percent }: Words): string {
  const { respondents, satisfied, low, high, kind, versions = [] } = question
  const people = t('question.base', { count: respondents })
  const base =
    versions.length > 1 ? `${people}; ${t('question.added', { versions: versions.join(', ') })}` : people
  const words = kindOf(kind).share
  if (words === null || satisfied === null || low === null || high === null) return base
  const share = { share: percent(satisfied), low: percent(low), high: percent(high) }
  return `${t(words.paper, share)}; ${base}`
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
