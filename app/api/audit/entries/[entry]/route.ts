import { takeProof } from '#features/audit/proofs/acts.ts'
import { privateFile } from '#http/private-file.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'audit:read' satisfies Access

/** `GET /api/audit/entries/{id}`: the proof that an entry is in the log, for an auditor; audited. */
export const GET = routeHandler<{ entry: string }>(async (_request, { entry }) => {
  const staff = await currentStaff()
  const proof = staff && /^\d{1,18}$/.test(entry) ? await takeProof(staff, BigInt(entry), new Date()) : null
  if (proof === null) return notFound()
  return privateFile(`nhat-ky-${entry}.json`, JSON.stringify(proof))
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
