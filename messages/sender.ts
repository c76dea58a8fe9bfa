import { splitLocale } from './paths.ts'
import { defaultLocale, isLocale, type Locale } from './routing.ts'

/** Returns the address of a form's handler, with the language of the page. */
export const sentFrom = (locale: Locale, handler: string): string =>
  locale === defaultLocale ? handler : `${handler}?lang=${locale}`

/**
 * Returns the language of the page that sent a form, from the form's address (`sentFrom`). For other requests it comes from
 * `Referer`, which not every browser sends.
 */
export function senderLocale(request: Pick<Request, 'url' | 'headers'>): Locale {
  const said = new URL(request.url).searchParams.get('lang')
  if (said !== null && isLocale(said)) return said
  const referer = request.headers.get('referer')
  return referer !== null && URL.canParse(referer)
    ? splitLocale(new URL(referer).pathname).locale
    : defaultLocale
}
