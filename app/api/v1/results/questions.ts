import { agencyJson, PAST_COLUMNS } from '#app/api/v1/results/figures.ts'
import { byFigures, FIGURE_NAMES, kindOf, type Question } from '#features/questionnaires/questions/rules.ts'
import type { Trial } from '#features/questionnaires/versions/rules.ts'
import type { AgencyResults, TextResult } from '#features/results/agency-data.ts'
import type { QuestionOfCity } from '#features/results/questions/data.ts'
import { type Chosen, chosen, type Tally, withDispersion } from '#features/results/tally-rules.ts'
import { csvLine } from '#lib/csv.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { addMilliseconds, localDate } from '#lib/time.ts'
import {
  dispersionJson,
  figuresJson,
  monthsJson,
  type Pasts,
  pastCells,
  shareJson,
  totalsJson,
} from './figures.ts'
import type { AgencyResultsAnswer, QuestionResultsAnswer, QuestionTally, Undated } from './schemas.ts'

const FIGURE_COLUMNS = FIGURE_NAMES.flatMap((name) => [name, `${name}_low`, `${name}_high`])
const figureCells = (tally: Partial<QuestionTally>) =>
  FIGURE_NAMES.flatMap((name) => {
    const value = tally[name]
    return value === undefined ? [null, null, null] : [value, tally.low ?? null, tally.high ?? null]
  })

function figureJson({ kind }: Question, tally: Tally) {
  const { headline } = kindOf(kind)
  if (headline === null) return {}
  const { satisfied, ...bounds } = shareJson(headline.of(tally))
  return { [headline.name]: satisfied, ...bounds }
}

const optionsJson = ({ options }: Question) =>
  options.map(({ code, vi, en }) => ({ option: code, text: { vi, en } }))

/** Returns the counts of a question's options, including options that nobody chose. */
const tallyJson = (question: Question, tally: Tally): QuestionTally => ({
  respondents: tally.respondents,
  ...figureJson(question, tally),
  counts:
    byFigures(question.kind, {
      options: () => question.options.map(({ code }) => optionJson(code, chosen(tally, code))),
    }) ?? [],
})

const optionJson = (option: string, one: Chosen | null) => ({
  option,
  count: one?.count ?? 0,
  share: one && toTenThousandths(one.share),
  low: one && toTenThousandths(one.low),
  high: one && toTenThousandths(one.high),
})

export const QUESTION_COLUMNS = [
  'agency',
  'questionnaire',
  'question',
  'option',
  'count',
  'respondents',
  'share',
  'low',
  'high',
  ...FIGURE_COLUMNS,
  'versions',
  'use',
  ...PAST_COLUMNS,
  'as_of',
] as const

/** Returns the trials beside the version in use; `until` is a trial's last day. */
export const trialsJson = (trials: readonly Trial[]) =>
  trials.map(({ version, percent, from, until, size, reached }) => ({
    ...{ size, reached },
    questionnaire: version,
    percent,
    from: localDate(from),
    until: localDate(addMilliseconds(until, -1)),
  }))

export const versionsCell = (versions: readonly number[]): string => versions.join(' ')

/** Returns a text question as JSON, with the number of answers in whole tens; null under ten. Only its agency sees the texts. */
const textJson = ({ version, key, vi, en, answers }: TextResult) => ({
  questionnaire: version,
  question: key,
  text: { vi, en },
  answers: answers === 0 ? null : answers,
})

export const agencyResultsJson = (results: AgencyResults, pasts: Pasts): Undated<AgencyResultsAnswer> => ({
  ...agencyJson(results, pasts),
  group: totalsJson(results.group),
  months: monthsJson(results.trend.own, results.trend.rule),
  before: monthsJson(results.trend.before, results.trend.rule),
  codes: results.codes && {
    with: figuresJson(results.codes.withCode),
    without: figuresJson(results.codes.withoutCode),
  },
  channels: results.channels?.map((one) => ({ ...one, figures: figuresJson(one.figures) })) ?? null,
  parts: results.parts.map((one) => ({ ...one, figures: figuresJson(one.figures) })),
  kiosks: results.kiosks && { headline: figuresJson(results.kiosks.headline), week: results.kiosks.week },
  predecessors: results.trend.from.map(({ on, agencies }) => ({
    on,
    agencies: agencies.map(({ id }) => id),
  })),
  renamings: results.renamings.map(({ before, after, on, basis }) => ({
    on,
    before: { vi: before.nameVi, en: before.nameEn },
    after: { vi: after.nameVi, en: after.nameEn },
    basis,
  })),
  trials: trialsJson(results.trials),
  dispersion: dispersionJson(results.dispersion),
  questions: results.questions.map(
    ({ version, versions, use, question, respondents, counts, dispersion = 1 }) => ({
      questionnaire: version,
      versions,
      use,
      question: question.key,
      text: { vi: question.vi, en: question.en },
      options: optionsJson(question),
      suppressed: counts === null,
      ...tallyJson(question, withDispersion({ respondents, counts: counts ?? {} }, dispersion)),
      ...(counts === null && { counts: null }),
    }),
  ),
  texts: results.texts.map(textJson),
})

/** Returns CSV with a line for each option of every public question, and one for each text question. */
export function agencyResultsCsv(results: AgencyResults, pasts: Pasts, asOf: string): string {
  const { questions, texts } = agencyResultsJson(results, pasts)
  const of = [...Object.values(pastCells(pasts(results.agency.id))), asOf]
  const lines = questions.flatMap(
    ({ questionnaire, versions, use, question, counts, respondents, ...figure }) =>
      (counts ?? []).map(({ option, count, share, low, high }) => [
        results.agency.id,
        questionnaire,
        question,
        option,
        count,
        respondents,
        share,
        low,
        high,
        ...figureCells(figure),
        versionsCell(versions),
        use,
        ...of,
      ]),
  )
  const inWords = texts.map(({ questionnaire, question, answers }) => [
    ...[results.agency.id, questionnaire, question, null, answers, answers],
    ...[null, null, null, null, null, null, questionnaire, null],
    ...of,
  ])
  return [[...QUESTION_COLUMNS], ...lines, ...inWords].map(csvLine).join('')
}

export const questionJson = ({
  version,
  versions,
  use,
  question,
  city,
  groups,
  agencies,
  trend,
  trials,
}: QuestionOfCity): Undated<QuestionResultsAnswer> => ({
  questionnaire: version,
  versions,
  use,
  trials: trialsJson(trials),
  question: question.key,
  text: { vi: question.vi, en: question.en },
  kind: question.kind,
  options: optionsJson(question),
  city: tallyJson(question, city),
  groups: {
    districts: tallyJson(question, groups.districts),
    departments: tallyJson(question, groups.departments),
  },
  agencies: agencies.map(({ agency, tally }) => ({ agency: agency.id, ...tallyJson(question, tally) })),
  months: monthsJson(trend?.own ?? [], trend?.rule ?? null),
})

export function questionCsv(
  { version, versions, use, question, agencies }: QuestionOfCity,
  pasts: Pasts,
  asOf: string,
): string {
  const lines = agencies.flatMap(({ agency, tally }) => {
    const { counts, ...figure } = tallyJson(question, tally)
    return counts.map(({ option, count, share, low, high }) => [
      agency.id,
      version,
      question.key,
      option,
      count,
      tally.respondents,
      share,
      low,
      high,
      ...figureCells(figure),
      versionsCell(versions),
      use,
      ...Object.values(pastCells(pasts(agency.id))),
      asOf,
    ])
  })
  return [[...QUESTION_COLUMNS], ...lines].map(csvLine).join('')
}
