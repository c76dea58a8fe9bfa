import { letterForCitizen } from '#app/api/decision-letter.ts'
import { ownPaper, paperLocale } from '#app/api/own-paper.ts'
import { caseForCitizen, readFileForCitizen } from '#features/cases/citizen/data.ts'
import { readServedLetters } from '#features/cases/letters/data.ts'
import { citizenCase } from '#http/citizen.ts'
import { seeOther } from '#http/form-post.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'holder of a case’s cookie' satisfies Access

/**
 * `GET /api/case/letter?decision=SEQ&lang=vi|en`: a decision as a PDF, for the browser that has opened the case with its secret.
 * Any other browser is redirected to the page where a case is opened.
 */
export const GET = routeHandler(async (request) => {
  const query = new URL(request.url).searchParams
  const locale = paperLocale(request)
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
  const paper = { kind: 'decision_letter', props: { words: letter.words, language: locale } } as const
  return ownPaper(request, { owner: visit.caseId, name: `${visit.number}-quyet-dinh`, paper }, now)
})
