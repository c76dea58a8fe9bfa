import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { notFound } from '#server/entry/problem.ts'
import { endingOn } from '#server/survey/loaders/lineage.ts'
import { agencyResults } from '#server/survey/loaders/results.ts'
import { answer } from '../answer.ts'
import { agencyResultsCsv, agencyResultsJson, endingJson } from '../figures.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/results/{agency}` → the agency's figures and each question's counts, or the counts as CSV. */
export const GET = apiHandler<{ agency: string }>(async (request, { agency }) => {
  const now = new Date()
  const found = await agencyResults(agency, now)
  if (found === null) return notFound()
  const ending = await endingOn(agency, now)
  return answer(
    request,
    `ket-qua-${found.agency.id}`,
    () => ({ ...agencyResultsJson(found), ...endingJson(ending) }),
    () => agencyResultsCsv(found),
  )
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
