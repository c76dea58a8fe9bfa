import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { results } from '#server/survey/loaders/results.ts'
import { answer } from './answer.ts'
import { cityCsv, cityJson } from './figures.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/results` → `{ city, groups, agencies, former }`, or the agencies as CSV. */
export const GET = apiHandler(async (request) => {
  const all = await results(new Date())
  return answer(
    request,
    'ket-qua',
    () => cityJson(all),
    () => cityCsv(all),
  )
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
