import { allAnswers } from '#features/results/queries/all-answers.ts'
import { methodNotAllowed, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../answer.ts'
import type { SurveyAnswers } from '../schemas.ts'
import { answersCsv, answersJson } from './rows.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/answers` → every option of every question at every agency, in one file. */
export const GET = routeHandler(async (request) => {
  const now = new Date()
  const all = await allAnswers(now)
  const date = dated(now)
  return answer(
    request,
    `ket-qua-tat-ca-${date.asOf}`,
    (): SurveyAnswers => ({ ...date, ...answersJson(all, date.asOf) }),
    () => answersCsv(all, date.asOf),
  )
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
