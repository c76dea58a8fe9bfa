import { type Paper, withPaper } from '#features/papers/acts.ts'
import { clientAddress } from '#http/address.ts'
import { retryLater } from '#http/busy.ts'
import { privateFile } from '#http/private-file.ts'
import type { Instant } from '#lib/time.ts'
import { defaultLocale, isLocale, type Locale } from '#messages/routing.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

export function paperLocale(request: Request): Locale {
  const lang = new URL(request.url).searchParams.get('lang') ?? ''
  return isLocale(lang) ? lang : defaultLocale
}

interface OwnPaper {
  readonly owner: string
  readonly name: string
  readonly paper: Extract<Paper, { readonly kind: 'receipt' | 'phone' | 'decision_letter' }>
}

/** Answers a person's paper as a PDF download, within the limits of the paper's owner and of the address. */
export const ownPaper = (
  request: Request,
  { owner, name, paper }: OwnPaper,
  now: Instant,
): Promise<Response> =>
  withPaper({ owner, address: clientAddress(request.headers) }, async (draw) => {
    const { allowed, retryAfterSeconds } = await withinLimit('paper_case', owner, now)
    if (!allowed)
      return retryLater(request, paperLocale(request), { status: 429, seconds: retryAfterSeconds })
    return privateFile(`an-tam-${name}.pdf`, new Uint8Array(await draw(paper)))
  })
