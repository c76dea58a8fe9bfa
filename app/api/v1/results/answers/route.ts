import { findLogEntry } from '#features/audit/published/data.ts'
import { readAllAnswers } from '#features/results/answers-data.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../answer.ts'
import type { SurveyAnswers } from '../schemas.ts'
import { answersCsv, answersJson } from './rows.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/answers` → every option of every question at every agency, in one file. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const all = await readAllAnswers(now)
  const date = dated(now)
  return answer(
    request,
    `ket-qua-tat-ca-${date.asOf}`,
    (): SurveyAnswers => ({ ...date, ...answersJson(all, date.asOf) }),
    () => answersCsv(all, date.asOf),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
