import { ownPaper, paperLocale } from '#app/api/own-paper.ts'
import { receiptWords } from '#app/api/receipt/[number]/words.ts'
import { unitContact } from '#features/areas/data.ts'
import { readSubmission } from '#features/audit/proofs/data.ts'
import { caseForCitizen, readFileForCitizen } from '#features/cases/citizen/data.ts'
import type { CaseNumber } from '#features/cases/numbers/rules.ts'
import type { IncidentType } from '#features/cases/submission/incident-rules.ts'
import { citySettings, holidays } from '#features/lookup-tables/data.ts'
import { citizenCase } from '#http/citizen.ts'
import { seeOther } from '#http/form-post.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'holder of a case’s cookie' satisfies Access

/**
 * `GET /api/case/receipt?lang=vi|en`: a copy of the receipt as a PDF, for the browser that has opened the case with its secret.
 * The copy has no strip that opens the case, because the product does not keep the secret. Any other browser is redirected to the
 * page where a case is opened.
 */
export const GET = routeHandler(async (request) => {
  const locale = paperLocale(request)
  const now = new Date()
  const visit = await citizenCase(now)
  const elsewhere = () => seeOther(pathFor(locale, { pathname: '/track', query: { fault: 'session_ended' } }))
  if (visit?.access !== 'full') return elsewhere()
  const [view, opened, proof] = await Promise.all([
    caseForCitizen(visit.scope, visit.caseId),
    readFileForCitizen(visit.scope, visit.caseId),
    readSubmission(visit.caseId),
  ])
  const unit = view?.units.get(view.snapshot.unitId)
  if (!view?.phone || !opened || !proof || !unit) return elsewhere()
  const { snapshot, phone } = view
  const facts = {
    ...snapshot,
    ...phone,
    number: snapshot.number as CaseNumber,
    // `hold` is a reason for orders only; no case has it as its incident.
    incidentType: snapshot.incidentType as IncidentType,
    unit,
    imeis: phone.imeis.map((imei) => ({ imei })),
    contact: opened.particulars.contact,
    secret: null,
  }
  const check = pathFor(locale, { pathname: '/verify', query: { proof: proof.code } })
  const props = {
    words: receiptWords(facts, proof.code, locale, await holidays(), {
      unit: await unitContact(unit.id, locale),
      ...citySettings(),
    }),
    proofLink: absoluteUrl(check, request.headers),
    language: locale,
  }
  const paper = { kind: 'receipt', props } as const
  return ownPaper(request, { owner: visit.caseId, name: visit.number, paper }, now)
})
