import { type AgencyAnswers, readAllAnswers } from '#features/results/answers-data.ts'
import { chosen } from '#features/results/tally-rules.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { localDate } from '#lib/time.ts'
import { answerTable } from '../answer.ts'
import { pastCells } from '../figures.ts'
import { versionsCell } from '../questions.ts'
import { ANSWER_COLUMNS, type SurveyAnswers } from '../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/answers` → every option of every question at every agency, in one file. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const all = await readAllAnswers(now)
  const asOf = localDate(now)
  const answers: SurveyAnswers['answers'] = all.flatMap((one) => answerRows(one, asOf))
  return answerTable(request, 'ket-qua-tat-ca', asOf, { answers }, ANSWER_COLUMNS)
}, OPEN_DATA)

/** Returns a row per option of every question at one agency, then one per text question, with a count in whole tens. */
function answerRows({ agency, past, asked, texts }: AgencyAnswers, asOf: string) {
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

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
