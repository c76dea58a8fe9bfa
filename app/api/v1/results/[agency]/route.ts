import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { notFound } from '#server/entry/problem.ts'
import { agencyResults } from '#server/survey/loaders/agency-results.ts'
import { endingOn } from '#server/survey/loaders/lineage.ts'
import { answer } from '../answer.ts'
import { agencyResultsCsv, agencyResultsJson, endingJson } from '../questions.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/results/{agency}` → all that is public of an agency, or its questions' counts as CSV. */
export const GET = apiHandler<{ agency: string }>(async (request, { agency }) => {
  const now = new Date()
  const [found, ending] = await Promise.all([agencyResults(agency, now), endingOn(agency, now)])
  if (found === null) return notFound()
  return answer(
    request,
    `ket-qua-${found.agency.id}`,
    () => ({ ...agencyResultsJson(found), ...endingJson(ending) }),
    () => agencyResultsCsv(found),
  )
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
