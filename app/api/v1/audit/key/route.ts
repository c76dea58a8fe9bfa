import { writeVerifierLine } from '#features/audit/sealing/data.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

const plain = (text: string): Response =>
  new Response(text, {
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
  })

/** `GET /api/v1/audit/key`: the public key of the audit log, as one line (C2SP's verifier key). */
export const GET = routeHandler(async () => plain(`${writeVerifierLine()}\n`))

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
