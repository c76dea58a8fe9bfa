import { z } from 'zod'
import { contentDisposition } from '#features/evidence/files/rules.ts'
import { letterAnnex, letterFor, letterPdf } from '#features/exchange/letters/data.ts'
import { letterNumber } from '#features/exchange/letters/rules.ts'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'order:read' satisfies Access

const PAPERS = {
  'letter.pdf': { mediaType: 'application/pdf', read: letterPdf },
  'annex.csv': { mediaType: 'text/csv; charset=utf-8; header=present', read: letterAnnex },
} as const

/** `GET /api/letters/{letter}/{letter.pdf|annex.csv}`: a letter or its annex as generated; for the relay only. */
export const GET = routeHandler<{ letter: string; paper: string }>(
  async (_request, { letter: id, paper }) => {
    const staff = await currentStaff()
    const known = Object.hasOwn(PAPERS, paper) && z.uuid().safeParse(id).success
    const letter = staff && known ? await letterFor(staff, id) : null
    const { mediaType, read } = PAPERS[paper as keyof typeof PAPERS] ?? PAPERS['letter.pdf']
    const content = letter && (await read(letter))
    if (!letter || content === null) return notFound()
    const name = `cong-van-${letterNumber(letter).replaceAll('/', '-')}.${paper.split('.').at(-1)}`
    return new Response(content, {
      headers: {
        'content-type': mediaType,
        'content-disposition': contentDisposition('attachment', name),
        'content-security-policy': "sandbox; default-src 'none'",
        'cache-control': 'private, no-store',
      },
    })
  },
)

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
