import type { PersonalData } from '#domain/privacy/personal-data.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale, isLocale } from '#messages/routing.ts'
import { clientAddress } from '#server/entry/address.ts'
import { comeAgain } from '#server/entry/busy.ts'
import { citizenCase } from '#server/entry/citizen.ts'
import { seeOther } from '#server/entry/form-post.ts'
import { routeHandler } from '#server/entry/route-handler.ts'
import { withinLimit } from '#server/limits/commands.ts'
import { withPaper } from '#server/papers/commands.ts'
import { exportData } from '#server/privacy/commands/export.ts'
import { personalDataWords } from './words.ts'

/**
 * `GET /api/case/data?format=json|pdf&lang=vi|en`: everything held of the case that this browser has opened with its
 * secret. Everybody else is sent to where a case is opened.
 */
export const GET = routeHandler(async (request) => {
  const query = new URL(request.url).searchParams
  const lang = query.get('lang') ?? ''
  const locale = isLocale(lang) ? lang : defaultLocale
  const format = query.get('format') === 'pdf' ? 'pdf' : 'json'
  const now = new Date()
  const visit = await citizenCase(now)
  const elsewhere = () => seeOther(pathFor(locale, { pathname: '/track', query: { fault: 'session_ended' } }))
  if (visit === null) return elsewhere()
  const within = async (serve: (data: PersonalData) => Response | Promise<Response>) => {
    const { allowed, retryAfterSeconds } = await withinLimit('paper_case', visit.caseId, now)
    if (!allowed) return comeAgain(request, locale, { status: 429, seconds: retryAfterSeconds })
    const data = await exportData(visit.scope, visit.caseId, format, now)
    return data ? serve(data) : elsewhere()
  }
  if (format === 'json') return within((data) => file(data, format, JSON.stringify(data, null, 2)))
  const owner = { owner: visit.caseId, address: clientAddress(request.headers) }
  return withPaper(owner, (draw) =>
    within(async (data) => {
      const words = await personalDataWords(data, locale)
      const pdf = await draw({ kind: 'personal_data', props: { words, language: locale } })
      return file(data, format, new Uint8Array(pdf))
    }),
  )
})

function file(data: PersonalData, format: 'json' | 'pdf', body: BodyInit): Response {
  return new Response(body, {
    headers: {
      'content-type': format === 'json' ? 'application/json; charset=utf-8' : 'application/pdf',
      'content-disposition': `attachment; filename="an-tam-${data.case.number}.${format}"`,
      'cache-control': 'private, no-store',
      'x-content-type-options': 'nosniff',
      'x-robots-tag': 'noindex',
    },
  })
}
