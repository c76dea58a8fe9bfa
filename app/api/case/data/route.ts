import { addAbortSignal, finished, Readable } from 'node:stream'
import { getTranslations } from 'next-intl/server'
import { paperLocale } from '#app/api/own-paper.ts'
import { type PaperOwner, withPaper } from '#features/papers/acts.ts'
import { type ExportFormat, exportData, makeArchive, type SayGaps } from '#features/privacy/export/acts.ts'
import type { PersonalData } from '#features/privacy/export/rules.ts'
import { clientAddress } from '#http/address.ts'
import { retryLater } from '#http/busy.ts'
import { citizenCase } from '#http/citizen.ts'
import { seeOther } from '#http/form-post.ts'
import { privateFile } from '#http/private-file.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { MINUTE } from '#lib/time.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { personalDataWords } from './words.ts'

export const access = 'holder of a case’s cookie' satisfies Access

/**
 * `GET /api/case/data?format=json|pdf|zip&lang=vi|en`: all data of the case that this browser has opened with its secret; the ZIP
 * also contains the files. Any other browser is redirected to the page where a case is opened.
 */
export const GET = routeHandler(async (request) => {
  const query = new URL(request.url).searchParams
  const locale = paperLocale(request)
  const asked = query.get('format')
  const format = asked === 'pdf' || asked === 'zip' ? asked : 'json'
  const now = new Date()
  const visit = await citizenCase(now)
  const elsewhere = () => seeOther(pathFor(locale, { pathname: '/track', query: { fault: 'session_ended' } }))
  if (visit === null) return elsewhere()
  const within = async (serve: (data: PersonalData) => Response | Promise<Response>) => {
    const { allowed, retryAfterSeconds } = await withinLimit('paper_case', visit.caseId, now)
    if (!allowed) return retryLater(request, locale, { status: 429, seconds: retryAfterSeconds })
    const data = await exportData(visit.scope, visit.caseId, format, now)
    return data ? serve(data) : elsewhere()
  }
  if (format === 'json') return within((data) => file(data, format, JSON.stringify(data, null, 2)))
  const owner = { owner: visit.caseId, address: clientAddress(request.headers) }
  if (format === 'zip') {
    return keepingPlace(owner, (ended) =>
      within(async (data) => {
        const chunks = makeArchive(visit.scope, visit.caseId, data, await gapWords(locale), now)
        return file(data, format, streamOf(chunks, ended))
      }),
    )
  }
  return withPaper(owner, (draw) =>
    within(async (data) => {
      const words = await personalDataWords(data, locale)
      const pdf = await draw({ kind: 'personal_data', props: { words, language: locale } })
      return file(data, format, new Uint8Array(pdf))
    }),
  )
})

async function gapWords(locale: Locale): Promise<SayGaps> {
  const t = await getTranslations({ locale, namespace: 'personal-data.archive' })
  return (gaps) => ({
    name: t('name'),
    text: [t('text'), ...gaps.map(({ name, why }) => `- ${name}: ${t(why)}`), ''].join('\r\n'),
  })
}

/** Returns the answer and holds a place in the limit for papers until it is sent completely, or the client has left. */
function keepingPlace(
  owner: PaperOwner,
  answer: (ended: () => void) => Promise<Response>,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    withPaper(owner, async () => {
      const gone = Promise.withResolvers<void>()
      const response = await answer(gone.resolve)
      resolve(response)
      // Only a ZIP is streamed; other answers are complete already.
      if (response.headers.get('content-type') === 'application/zip') await gone.promise
    }).catch(reject)
  })
}

/** Milliseconds: enough for six files of 10 MB over a slow line. */
const LONGEST = 15 * MINUTE

function streamOf(chunks: AsyncGenerator<Uint8Array>, ended: () => void): ReadableStream {
  // A client that never reads must not hold its place for ever.
  const stream = addAbortSignal(AbortSignal.timeout(LONGEST), Readable.from(chunks))
  finished(stream, ended)
  return Readable.toWeb(stream) as ReadableStream
}

const file = (data: PersonalData, format: ExportFormat, body: BodyInit) =>
  privateFile(`an-tam-${data.case.number}.${format}`, body)
