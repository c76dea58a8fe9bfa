import { renderToBuffer } from '@react-pdf/renderer'
import { PersonalDataPaper } from '#components/paper/personal-data.tsx'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale, isLocale } from '#messages/routing.ts'
import { citizenCase } from '#server/entry/citizen.ts'
import { seeOther } from '#server/entry/form-post.ts'
import { exportData } from '#server/privacy/commands/export.ts'
import { personalDataWords } from './words.ts'

export const dynamic = 'force-dynamic'

/**
 * `GET /api/case/data?format=json|pdf&lang=vi|en`: everything held of the case that this browser has opened with its
 * secret. Everybody else is sent to where a case is opened.
 */
export async function GET(request: Request): Promise<Response> {
  const query = new URL(request.url).searchParams
  const lang = query.get('lang') ?? ''
  const locale = isLocale(lang) ? lang : defaultLocale
  const format = query.get('format') === 'pdf' ? 'pdf' : 'json'
  const now = new Date()
  const visit = await citizenCase(now)
  const data = visit && (await exportData(visit.scope, visit.caseId, format, now))
  if (!data) return seeOther(pathFor(locale, { pathname: '/track', query: { fault: 'session_ended' } }))
  const body =
    format === 'json'
      ? JSON.stringify(data, null, 2)
      : new Uint8Array(
          await renderToBuffer(
            <PersonalDataPaper words={await personalDataWords(data, locale)} language={locale} />,
          ),
        )
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
