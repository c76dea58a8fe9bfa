import { listPathSchema } from '#domain/exchange/interface.ts'
import { badParameters, notFound } from '#server/entry/problem.ts'
import { listFile } from '#server/exchange/loaders/list.ts'
import { carrierEndpoint, READ_ONLY } from '../../../carrier-endpoint.ts'

export const GET = carrierEndpoint<{ seq: string }>(async (carrierId, _request, params) => {
  const path = listPathSchema.safeParse(params)
  if (!path.success) return badParameters(path.error)
  const { seq } = path.data
  const list = await listFile(carrierId, seq)
  if (list === null) return notFound('your book does not reach that sequence')
  return new Response(list.body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-length': String(list.bytes),
      'content-disposition': `attachment; filename="list-${carrierId}-${seq}.csv"`,
      'cache-control': 'private, max-age=31536000, immutable',
      etag: `"${list.sha256}"`,
      'x-list-seq': String(seq),
      'x-list-rows': String(list.rows),
      'x-list-sha256': list.sha256,
    },
  })
})

export const { HEAD, POST, PUT, PATCH, DELETE } = READ_ONLY
