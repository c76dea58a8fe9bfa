import { parseMonth } from '#domain/survey/month.ts'
import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { notFound } from '#server/entry/problem.ts'
import { monthResults } from '#server/survey/loaders/results.ts'
import { answer } from '../../answer.ts'
import { cityCsv, cityJson } from '../../figures.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/results/months/{month}` → the city's tables of what became public in that month. */
export const GET = apiHandler<{ month: string }>(async (request, params) => {
  const month = parseMonth(params.month)
  const found = month && (await monthResults(month, new Date()))
  if (found === null) return notFound()
  return answer(
    request,
    `ket-qua-${month}`,
    () => ({ month, ...cityJson(found) }),
    () => cityCsv(found),
  )
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
