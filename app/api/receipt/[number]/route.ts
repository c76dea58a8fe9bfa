import { ownPaper, paperLocale } from '#app/api/own-paper.ts'
import { unitContact } from '#features/areas/data.ts'
import { readSubmission } from '#features/audit/proofs/data.ts'
import { parseCaseNumber } from '#features/cases/numbers/rules.ts'
import { secretPath } from '#features/cases/unlock/rules.ts'
import { citySettings, holidays } from '#features/lookup-tables/data.ts'
import { receiptOf } from '#features/reporting/drafts/page-data.ts'
import { receiptCookies } from '#http/draft.ts'
import { seeOther } from '#http/form-post.ts'
import { absoluteUrl } from '#http/public-url.ts'
import { routeHandler } from '#http/route-handler.ts'
import type { Access } from '#lib/access/access.ts'
import { missingPath, pathFor } from '#messages/paths.ts'
import { receiptWords } from './words.ts'

export const access = 'holder of a receipt’s cookie' satisfies Access

/**
 * `GET /api/receipt/{number}?lang=vi|en`: the receipt as a PDF, for 24 hours in the browser that sent the report. Any other
 * browser is redirected to the page that says that nothing is here.
 */
export const GET = routeHandler<{ number: string }>(async (request, params) => {
  const locale = paperLocale(request)
  const now = new Date()
  const number = parseCaseNumber(params.number)
  const receipt = number.ok ? await receiptOf(number.value, await receiptCookies(), now) : null
  const proof = receipt && (await readSubmission(receipt.id))
  if (receipt === null || proof === null) return seeOther(missingPath(locale))
  const check = pathFor(locale, { pathname: '/verify', query: { proof: proof.code } })
  const props = {
    words: receiptWords(receipt, proof.code, locale, await holidays(), {
      unit: await unitContact(receipt.unit.id, locale),
      ...citySettings(),
    }),
    link: absoluteUrl(secretPath(receipt.number, receipt.secret), request.headers),
    proofLink: absoluteUrl(check, request.headers),
    language: locale,
  }
  const paper = { kind: 'receipt', props } as const
  return ownPaper(request, { owner: receipt.id, name: receipt.number, paper }, now)
})
