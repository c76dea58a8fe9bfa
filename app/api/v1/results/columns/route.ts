import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { answer, dated } from '../answer.ts'
import type { SurveyColumns } from '../schemas.ts'
import { columnsCsv, columnsJson } from './columns.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/v1/results/columns` → what every column of the other tables means. */
export const GET = apiHandler(async (request) =>
  answer(
    request,
    'y-nghia-cot',
    (): SurveyColumns => ({ licence: dated(new Date()).licence, ...columnsJson() }),
    columnsCsv,
  ),
)

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
