import { withPaper } from '#features/papers/acts.ts'
import type { PhonePaperProps } from '#features/phones/paper/phone-paper.ts'
import { clientAddress } from '#http/address.ts'
import { retryLater } from '#http/busy.ts'
import type { Instant } from '#lib/time.ts'
import { defaultLocale, isLocale, type Locale } from '#messages/routing.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'

export function paperLocale(request: Request): Locale {
  const lang = new URL(request.url).searchParams.get('lang') ?? ''
  return isLocale(lang) ? lang : defaultLocale
}

/** Answers a phone's paper as a PDF download, within the limits of the paper's owner and of the address. */
export const phonePdf = (
  request: Request,
  {
    owner,
    name,
    language,
    ...paper
  }: Omit<PhonePaperProps, 'language'> & {
    readonly language: Locale
    readonly owner: string
    readonly name: string
  },
  now: Instant,
): Promise<Response> =>
  withPaper({ owner, address: clientAddress(request.headers) }, async (draw) => {
    const { allowed, retryAfterSeconds } = await withinLimit('paper_case', owner, now)
    if (!allowed) return retryLater(request, language, { status: 429, seconds: retryAfterSeconds })
    const pdf = await draw({ kind: 'phone', props: { ...paper, language } })
    return new Response(new Uint8Array(pdf), {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename="an-tam-${name}.pdf"`,
        'cache-control': 'private, no-store',
        'x-robots-tag': 'noindex',
      },
    })
  })
