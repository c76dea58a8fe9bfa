import { Readable } from 'node:stream'
import { z } from 'zod'
import { contentDisposition } from '#domain/evidence/file-name.ts'
import { apiHandler, methodNotAllowed } from '#server/entry/api.ts'
import { gone, notFound } from '#server/entry/problem.ts'
import { currentStaff } from '#server/entry/session.ts'
import { readableReport, reportContent } from '#server/survey/loaders/reports.ts'

export const dynamic = 'force-dynamic'

const FILES = {
  'vi.pdf': { kind: 'pdf', locale: 'vi' },
  'en.pdf': { kind: 'pdf', locale: 'en' },
  'vi.xlsx': { kind: 'xlsx', locale: 'vi' },
  'en.xlsx': { kind: 'xlsx', locale: 'en' },
  'data.json': { kind: 'json' },
} as const
type FileName = keyof typeof FILES

const MEDIA_TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
} as const

/**
 * `GET /api/survey/reports/{report}/{vi.pdf|en.pdf|vi.xlsx|en.xlsx|data.json}`: a report's file as the worker drew it, or
 * its frozen data byte for byte.
 */
export const GET = apiHandler<{ report: string; file: string }>(async (_request, { report: id, file }) => {
  const what = Object.hasOwn(FILES, file) ? FILES[file as FileName] : null
  const known = what && z.uuid().safeParse(id).success
  const report = known ? await readableReport(await currentStaff(), id) : null
  if (report === 'withdrawn') return gone('This report was withdrawn; the page of results says when and why')
  const content = what && report && (await reportContent(report, what))
  if (!what || !report || !content) return notFound()
  const { from, to } = report.period
  const ending = what.kind === 'json' ? 'json' : `${what.locale}.${what.kind}`
  return new Response(Readable.toWeb(content) as ReadableStream, {
    headers: {
      'content-type': MEDIA_TYPES[what.kind],
      'content-disposition': contentDisposition('attachment', `bao-cao-hai-long_${from}_${to}.${ending}`),
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-store',
    },
  })
})

const refused = methodNotAllowed('GET, HEAD')

export { refused as DELETE, refused as PATCH, refused as POST, refused as PUT }
