import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { cityTrend } from '#server/survey/loaders/results.ts'
import { answer } from '../answer.ts'
import { monthsCsv, monthsJson } from '../figures.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/results/months` → `{ months }` of the city's headline, or the months as CSV. */
export const GET = apiHandler(async (request) => {
  const { own } = await cityTrend(new Date())
  return answer(
    request,
    'ket-qua-theo-thang',
    () => ({ months: monthsJson(own) }),
    () => monthsCsv(own),
  )
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
