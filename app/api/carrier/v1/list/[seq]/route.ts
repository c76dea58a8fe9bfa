import { listPathSchema } from '#features/exchange/interface/rules.ts'
import { listFile } from '#features/exchange/lists/data.ts'
import { badParameters, notFound } from '#http/problem.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../../carrier-endpoint.ts'
import { csvAnswer } from '../../../csv-answer.ts'

export const access = 'holder of a carrier’s key' satisfies Access

export const GET = carrierEndpoint<{ seq: string }>(async (carrierId, request, params) => {
  const path = listPathSchema.safeParse(params)
  if (!path.success) return badParameters(path.error)
  const { seq } = path.data
  const list = await listFile(carrierId, seq)
  if (list === null) return notFound('your book does not reach that sequence')
  const caching = 'private, max-age=31536000, immutable'
  return csvAnswer(request, list, { name: `list-${carrierId}-${seq}`, seq, caching })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
