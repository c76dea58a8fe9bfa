import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { answer, dated } from '../answer.ts'
import type { SurveyColumns } from '../schemas.ts'
import { columnsCsv, columnsJson } from './columns.ts'

export const access = 'anybody' satisfies Access

/** `GET /api/v1/results/columns` → the meaning of every column of the other tables. */
export const GET = routeHandler(async (request) =>
  answer(
    request,
    'y-nghia-cot',
    (): SurveyColumns => ({ licence: dated(new Date()).licence, ...columnsJson() }),
    columnsCsv,
  ),
)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
