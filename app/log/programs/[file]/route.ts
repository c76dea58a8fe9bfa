import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { notFound } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

const PROGRAMS: readonly string[] = [
  'blocking.py',
  'figures.py',
  'verify.html',
  'verify.py',
  'witness.py',
  'carrier.py',
]

/**
 * `GET /log/programs/{file}`: a program that checks the log or the figures independently of us, to be saved and run elsewhere.
 */
export const GET = routeHandler<{ file: string }>(async (_request, { file }) => {
  if (!PROGRAMS.includes(file)) return notFound()
  const path = join(/* turbopackIgnore: true */ process.cwd(), 'verify', file)
  const program = await readFile(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (program === null) return notFound()
  return new Response(program, {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      // A download: its page must run on the reader's device, not on our site.
      'content-disposition': `attachment; filename="${file}"`,
      'cache-control': 'public, max-age=3600',
    },
  })
})

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
