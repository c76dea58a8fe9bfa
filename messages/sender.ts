import { splitLocale } from './paths.ts'
import { defaultLocale, type Locale } from './routing.ts'

/** The language of the page that a form was sent from; our own pages name themselves in `Referer`. */
export function senderLocale(request: { readonly headers: Headers }): Locale {
  const referer = request.headers.get('referer')
  return referer !== null && URL.canParse(referer)
    ? splitLocale(new URL(referer).pathname).locale
    : defaultLocale
}
