import { findLogEntry } from '#features/audit/published/data.ts'
import { readAllAnswers } from '#features/results/answers-data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { csvTable } from '#lib/csv.ts'
import { answer, dated } from '../answer.ts'
import type { SurveyAnswers } from '../schemas.ts'
import { ANSWER_COLUMNS, answerRows } from './rows.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/answers` → every option of every question at every agency, in one file. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const all = await readAllAnswers(now)
  const date = dated(now)
  const answers = all.flatMap((one) => answerRows(one, date.asOf))
  return answer(
    request,
    `ket-qua-tat-ca-${date.asOf}`,
    (): SurveyAnswers => ({ ...date, answers }),
    () => csvTable(ANSWER_COLUMNS, answers),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
