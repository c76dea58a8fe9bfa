import { receiptWords } from '#app/api/receipt/[number]/words.ts'
import type { IncidentType } from '#domain/case/incident.ts'
import type { CaseNumber } from '#domain/case/number.ts'
import { pathFor } from '#messages/paths.ts'
import { defaultLocale, isLocale } from '#messages/routing.ts'
import { submissionInLog } from '#server/audit/loaders/proofs.ts'
import { caseForCitizen, fileForCitizen } from '#server/cases/loaders/citizen.ts'
import { clientAddress } from '#server/entry/address.ts'
import { comeAgain } from '#server/entry/busy.ts'
import { citizenCase } from '#server/entry/citizen.ts'
import { seeOther } from '#server/entry/form-post.ts'
import { absoluteUrl } from '#server/entry/public-url.ts'
import { routeHandler } from '#server/entry/route-handler.ts'
import { withinLimit } from '#server/limits/commands.ts'
import { withPaper } from '#server/papers/commands.ts'
import { citySettings, holidays } from '#server/reference/loaders.ts'

/**
 * `GET /api/case/receipt?lang=vi|en`: the receipt as a PDF once more, for the browser that has opened the case with its
 * secret, without the strip that opens it: the product does not keep the secret. Everybody else is sent to where a case is
 * opened.
 */
export const GET = routeHandler(async (request) => {
  const lang = new URL(request.url).searchParams.get('lang') ?? ''
  const locale = isLocale(lang) ? lang : defaultLocale
  const now = new Date()
  const visit = await citizenCase(now)
  const elsewhere = () => seeOther(pathFor(locale, { pathname: '/track', query: { fault: 'session_ended' } }))
  if (visit?.access !== 'full') return elsewhere()
  const [view, opened, proof] = await Promise.all([
    caseForCitizen(visit.scope, visit.caseId),
    fileForCitizen(visit.scope, visit.caseId),
    submissionInLog(visit.caseId),
  ])
  const area = view?.areas.get(view.snapshot.areaId)
  if (!view?.phone || !opened || !proof || !area) return elsewhere()
  const { snapshot, phone } = view
  const facts = {
    ...snapshot,
    ...phone,
    number: snapshot.number as CaseNumber,
    // `hold` is a reason of orders alone: no case has it for what happened.
    incidentType: snapshot.incidentType as IncidentType,
    area,
    imeis: phone.imeis.map((imei) => ({ imei })),
    contact: opened.particulars.contact,
    secret: null,
  }
  const check = pathFor(locale, { pathname: '/verify', query: { proof: proof.code } })
  const props = {
    words: receiptWords(facts, proof.code, locale, await holidays(), { unit: {}, ...citySettings() }),
    proofLink: absoluteUrl(check, request.headers),
    language: locale,
  }
  const owner = { owner: visit.caseId, address: clientAddress(request.headers) }
  return withPaper(owner, async (draw) => {
    const { allowed, retryAfterSeconds } = await withinLimit('paper_case', visit.caseId, now)
    if (!allowed) return comeAgain(request, locale, { status: 429, seconds: retryAfterSeconds })
    return new Response(new Uint8Array(await draw({ kind: 'receipt', props })), {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="an-tam-${visit.number}.pdf"`,
        'cache-control': 'private, no-store',
        'x-robots-tag': 'noindex',
      },
    })
  })
})
