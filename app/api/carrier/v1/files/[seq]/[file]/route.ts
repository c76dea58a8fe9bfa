import { fileOf } from '#features/exchange/lists/data.ts'
import { filePathSchema, filesSchema } from '#features/exchange/lists/rules.ts'
import { badParameters, notFound } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../../../carrier-endpoint.ts'
import { csvAnswer } from '../../../../csv-answer.ts'

export const access = 'holder of a carrier’s key' satisfies Access

/** `GET /api/carrier/v1/files/{seq}/{file}`: the list as CSV, or the changes in it. */
export const GET = carrierEndpoint<{ seq: string; file: string }>(async (carrierId, request, params) => {
  const path = filePathSchema.safeParse(params)
  if (!path.success) return notFound('the files are list, blocked, unblocked and changed')
  const asked = filesSchema.safeParse({
    ...queryOf(request),
    seq: params.seq,
  })
  if (!asked.success) return badParameters(asked.error)
  const { seq, since } = asked.data
  const { file: name } = path.data
  const file = await fileOf(carrierId, name, asked.data)
  if (file === null) return notFound('your book does not reach that sequence')
  const span = name === 'list' ? `${seq}` : `${since}-${seq}`
  return csvAnswer(request, file, { name: `${name}-${carrierId}-${span}`, seq, caching: 'private, no-cache' })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
