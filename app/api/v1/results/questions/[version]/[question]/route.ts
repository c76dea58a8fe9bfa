import { readAgencyPasts } from '#features/agencies/data.ts'
import { findLogEntry } from '#features/audit/published/data.ts'
import { readQuestionResults } from '#features/results/questions/data.ts'
import { notFound } from '#http/problem.ts'
import { OPEN_DATA, READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../../../answer.ts'
import { questionCsv, questionJson } from '../../../questions.ts'
import { type QuestionResultsAnswer, questionPathSchema } from '../../../schemas.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/questions/{version}/{question}` → one question at every agency, or its counts as CSV. */
export const GET = routeHandler<{ version: string; question: string }>(async (request, params) => {
  const now = new Date()
  const asked = questionPathSchema.safeParse(params)
  const found = asked.success ? await readQuestionResults(asked.data.version, asked.data.question, now) : null
  if (found === null) return notFound()
  const [date, pasts] = [dated(now), await readAgencyPasts(now)]
  return answer(
    request,
    `ket-qua-${found.version}-${found.question.key}`,
    (): QuestionResultsAnswer => ({ ...date, ...questionJson(found) }),
    () => questionCsv(found, pasts, date.asOf),
    await findLogEntry({ scope: 'results' }),
  )
}, OPEN_DATA)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
