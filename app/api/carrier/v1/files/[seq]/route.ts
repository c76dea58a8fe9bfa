import { manifest, signDetached } from '#features/exchange/lists/data.ts'
import { filesSchema, writeManifest } from '#features/exchange/lists/rules.ts'
import { badParameters, notFound } from '#http/problem.ts'
import { queryOf } from '#http/query.ts'
import { READ_ONLY } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierEndpoint } from '../../../carrier-endpoint.ts'

export const access = 'holder of a carrier’s key' satisfies Access

/** `GET /api/carrier/v1/files/{seq}`: the signed manifest of the files of a sequence. */
export const GET = carrierEndpoint<{ seq: string }>(async (carrierId, request, params) => {
  const asked = filesSchema.safeParse({ ...queryOf(request), ...params })
  if (!asked.success) return badParameters(asked.error)
  const made = await manifest(carrierId, asked.data)
  if (made === null) return notFound('your book does not reach that sequence')
  const body = writeManifest(made)
  return new Response(body, {
    headers: {
      'content-type': 'application/json',
      'cache-control': 'private, no-cache',
      'x-manifest-jws': signDetached(body),
    },
  })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
