import { z } from 'zod'
import { redrawReport } from '#features/city-report/acts.ts'
import { findReadableReport, nameReportFile, readReportContent } from '#features/city-report/page-data.ts'
import { contentDisposition } from '#features/evidence/files/rules.ts'
import { seeOther } from '#http/form-post.ts'
import { goneProblem, notFound, problem } from '#http/problem.ts'
import { READ_ONLY, routeHandler } from '#http/route-handler.ts'
import { currentStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { senderLocale } from '#messages/sender.ts'

export const access = [
  'survey:read',
  'holder of a published report’s address',
] as const satisfies readonly Access[]

const FILES = {
  'vi.pdf': { kind: 'pdf', locale: 'vi' },
  'en.pdf': { kind: 'pdf', locale: 'en' },
  'vi.xlsx': { kind: 'xlsx', locale: 'vi' },
  'en.xlsx': { kind: 'xlsx', locale: 'en' },
  'data.json': { kind: 'json' },
} as const
const MEDIA_TYPES = {
  pdf: 'application/pdf',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  json: 'application/json',
} as const

/**
 * `GET /api/survey/reports/{report}/{file}`: a report as PDF or workbook in either language, as the worker generated it, or its
 * frozen data byte for byte.
 */
export const GET = routeHandler<{ report: string; file: string }>(async (request, { report: id, file }) => {
  const what = Object.hasOwn(FILES, file) ? FILES[file as keyof typeof FILES] : null
  const known = what && z.uuid().safeParse(id).success
  const report = known ? await findReadableReport(await currentStaff(), id) : null
  if (report === 'withdrawn')
    return goneProblem('This report was withdrawn; the page of results says when and why')
  if (!what || !report) return notFound()
  // Named before the file is opened: nothing may fail between opening it and the answer.
  const name = await nameReportFile(report)
  const content = await readReportContent(report, what)
  if (!content || content === 'changed') {
    if (report.state !== 'ready') return notFound()
    return content === 'changed' ? refuseChanged(request, report.id, file) : beingRedrawn(request, report.id)
  }
  const ending = what.kind === 'json' ? 'json' : `${what.locale}.${what.kind}`
  return new Response(content, {
    headers: {
      'content-type': MEDIA_TYPES[what.kind],
      'content-disposition': contentDisposition('attachment', `${name}.${ending}`),
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-store',
    },
  })
})

/** Has a missing or replaced file generated again from the frozen data, and tells the reader so. */
async function beingRedrawn(request: Request, id: string, changed: string | null = null): Promise<Response> {
  await redrawReport({ kind: 'system' }, id, new Date(), changed)
  if (request.headers.get('accept')?.includes('text/html')) {
    const page = { pathname: '/results', query: { redrawn: id }, hash: 'reports' } as const
    return seeOther(pathFor(senderLocale(request), page))
  }
  return problem(
    {
      status: 503,
      code: 'file-being-redrawn',
      title: 'This file is being made again from its frozen data',
      detail: 'Ask for it again in a few minutes; data.json is the data itself',
    },
    { 'retry-after': '120' },
  )
}

/** Refuses a file that does not match the log and alerts the operators. A generated file is made again; frozen data cannot be. */
async function refuseChanged(request: Request, id: string, file: string): Promise<Response> {
  if (file !== 'data.json') return beingRedrawn(request, id, file)
  await redrawReport({ kind: 'system' }, id, new Date(), file)
  return problem({
    status: 503,
    code: 'report-changed',
    title: 'This data is not what was published',
    detail: 'Its hash is not the one that the audit log has. It is not given out until that is looked into',
  })
}

export const { POST, PUT, PATCH, DELETE, OPTIONS } = READ_ONLY
