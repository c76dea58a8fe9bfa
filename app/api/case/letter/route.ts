import { decisionLetterPdf, letterForCitizen } from '#app/api/decision-letter.ts'
import { caseForCitizen, readFileForCitizen } from '#features/cases/citizen/data.ts'
import { readServedLetters } from '#features/cases/letters/data.ts'
import { clientAddress } from '#http/address.ts'
import { retryLater } from '#http/busy.ts'
import { citizenCase } from '#http/citizen.ts'
import { seeOther } from '#http/form-post.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale, isLocale } from '#messages/routing.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

export const access = 'holder of a case’s cookie' satisfies Access

/**
 * `GET /api/case/letter?decision=SEQ&lang=vi|en`: a decision as a PDF, for the browser that has opened the case with its secret.
 * Any other browser is redirected to the page where a case is opened.
 */
export const GET = routeHandler(async (request) => {
  const query = new URL(request.url).searchParams
  const lang = query.get('lang') ?? ''
  const locale = isLocale(lang) ? lang : defaultLocale
  const now = new Date()
  const visit = await citizenCase(now)
  const elsewhere = () => seeOther(pathFor(locale, { pathname: '/track', query: { fault: 'session_ended' } }))
  if (visit?.access !== 'full') return elsewhere()
  const [view, file, served] = await Promise.all([
    caseForCitizen(visit.scope, visit.caseId),
    readFileForCitizen(visit.scope, visit.caseId),
    readServedLetters(visit.scope, visit.caseId),
  ])
  const seq = Number(query.get('decision'))
  const letter = view && file && (await letterForCitizen(view, file.particulars, served, seq, locale, now))
  if (!letter) return elsewhere()
  const { allowed, retryAfterSeconds } = await withinLimit('paper_case', visit.caseId, now)
  if (!allowed) return retryLater(request, locale, { status: 429, seconds: retryAfterSeconds })
  const owner = { owner: visit.caseId, address: clientAddress(request.headers) }
  return decisionLetterPdf(owner, letter, visit.number, locale)
})
