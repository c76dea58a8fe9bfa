import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { notFound } from '#server/entry/problem.ts'
import { questionResults } from '#server/survey/loaders/question-results.ts'
import { answer } from '../../../answer.ts'
import { questionCsv, questionJson } from '../../../questions.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/results/questions/{version}/{question}` → one question at every agency, or its counts as CSV. */
export const GET = apiHandler<{ version: string; question: string }>(
  async (request, { version, question }) => {
    const found = /^[1-9]\d{0,5}$/.test(version)
      ? await questionResults(Number(version), question, new Date())
      : null
    if (found === null) return notFound()
    return answer(
      request,
      `ket-qua-${found.version}-${found.question.key}`,
      () => questionJson(found),
      () => questionCsv(found),
    )
  },
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
