import { csvLine } from '#domain/csv.ts'
import { chosen } from '#domain/survey/distribution.ts'
import type { AgencyAnswers } from '#server/survey/loaders/all-answers.ts'
import { LICENCE } from '../answer.ts'
import { plain } from '../figures.ts'
import { versionsCell } from '../questions.ts'

/** One row an option of every question at every agency, its cells by their columns' names. */
const rowsOf = ({ agency, ended, asked, tally }: AgencyAnswers, asOf: string) =>
  asked.question.options.map((option) => {
    const one = chosen(tally, option.code)
    return {
      agency: agency.id,
      name_vi: agency.nameVi,
      name_en: agency.nameEn,
      kind: agency.kind,
      ended_on: ended?.on ?? null,
      successors: ended?.successors.join(' ') ?? null,
      questionnaire: asked.version,
      versions: versionsCell(asked.versions),
      use: asked.use,
      question: asked.question.key,
      question_vi: asked.question.vi,
      question_en: asked.question.en,
      option: option.code,
      option_vi: option.vi,
      option_en: option.en,
      count: one?.count ?? 0,
      respondents: tally.respondents,
      share: one && plain(one.share),
      low: one && plain(one.low),
      high: one && plain(one.high),
      as_of: asOf,
    }
  })

export const ANSWER_COLUMNS = [
  ...['agency', 'name_vi', 'name_en', 'kind', 'ended_on', 'successors'],
  ...['questionnaire', 'versions', 'use', 'question', 'question_vi', 'question_en'],
  ...['option', 'option_vi', 'option_en', 'count', 'respondents', 'share', 'low', 'high', 'as_of'],
] as const

export const answersJson = (all: readonly AgencyAnswers[], asOf: string) => ({
  asOf,
  licence: LICENCE,
  answers: all.flatMap((one) => rowsOf(one, asOf)),
})

export const answersCsv = (all: readonly AgencyAnswers[], asOf: string): string =>
  [[...ANSWER_COLUMNS], ...all.flatMap((one) => rowsOf(one, asOf)).map((row) => Object.values(row))]
    .map(csvLine)
    .join('')
