import type { AgencyAnswers } from '#features/results/answers-data.ts'
import { chosen } from '#features/results/tally-rules.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { PAST_COLUMNS, pastCells } from '../figures.ts'
import { versionsCell } from '../questions.ts'

/**
 * Returns one row per option of every question at one agency, then one per text question, with an empty option and a count in
 * whole tens. The cells are keyed by column name.
 */
export function answerRows({ agency, past, asked, texts }: AgencyAnswers, asOf: string) {
  const { ended_on, successors, ...names } = pastCells(past)
  const of = {
    agency: agency.id,
    name_vi: agency.nameVi,
    name_en: agency.nameEn,
    kind: agency.kind,
    ended_on,
    successors,
  }
  const options = asked.flatMap(({ question: { question, version, versions, use }, tally }) =>
    question.options.map((option) => {
      const one = chosen(tally, option.code)
      return {
        ...of,
        questionnaire: version,
        versions: versionsCell(versions),
        use,
        question: question.key,
        question_vi: question.vi,
        question_en: question.en,
        option: option.code,
        option_vi: option.vi,
        option_en: option.en,
        count: one?.count ?? 0,
        respondents: tally.respondents,
        share: one && toTenThousandths(one.share),
        low: one && toTenThousandths(one.low),
        high: one && toTenThousandths(one.high),
        as_of: asOf,
        ...names,
      }
    }),
  )
  const inWords = texts.map(({ version, key, vi, en, answers }) => ({
    ...of,
    questionnaire: version,
    versions: String(version),
    use: null,
    question: key,
    question_vi: vi,
    question_en: en,
    option: null,
    option_vi: null,
    option_en: null,
    count: answers,
    respondents: answers,
    share: null,
    low: null,
    high: null,
    as_of: asOf,
    ...names,
  }))
  return [...options, ...inWords]
}

const [ENDED_ON, SUCCESSORS, ...NAMES] = PAST_COLUMNS

export const ANSWER_COLUMNS = [
  ...['agency', 'name_vi', 'name_en', 'kind', ENDED_ON, SUCCESSORS],
  ...['questionnaire', 'versions', 'use', 'question', 'question_vi', 'question_en'],
  ...['option', 'option_vi', 'option_en', 'count', 'respondents', 'share', 'low', 'high', 'as_of'],
  ...NAMES,
] as const
