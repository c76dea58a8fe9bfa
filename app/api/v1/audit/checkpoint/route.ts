import { readLatestCheckpoint } from '#features/audit/proofs/data.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

const plain = (text: string): Response =>
  new Response(text, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })

/** `GET /api/v1/audit/checkpoint`: the newest signed head of the audit log (C2SP's checkpoint). */
export const GET = routeHandler(async () => {
  const note = await readLatestCheckpoint()
  return note === null ? notFound('Nothing is sealed yet.') : plain(note)
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
