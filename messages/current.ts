import { headers } from 'next/headers'
import { getLocale } from 'next-intl/server'
import { pageOf, splitLocale, translatePath } from './paths.ts'
import type { Locale, Pathname } from './routing.ts'

interface CurrentPage {
  readonly locale: Locale
  /** Null on the 404 page. */
  readonly pathname: Pathname | null
  /** The page was opened anew because the form sent from it was of an earlier version. */
  readonly staleForm: boolean
  readonly otherLanguage: { readonly locale: Locale; readonly href: string }
}

/** Reads the current page from the headers that proxy.ts wrote, for layouts: Next does not give them the page. */
export async function currentPage(): Promise<CurrentPage> {
  const [locale, sent] = await Promise.all([getLocale(), headers()])
  const path = sent.get('x-path') ?? '/'
  const other: Locale = locale === 'vi' ? 'en' : 'vi'
  return {
    locale,
    pathname: pageOf(splitLocale(path).rest),
    staleForm: sent.has('x-stale-form'),
    otherLanguage: { locale: other, href: `${translatePath(path, other)}${sent.get('x-search') ?? ''}` },
  }
}

/** Tells whether a page is a step of a report, a rehearsal or an objection, up to its receipt. */
export const isOfTask = (pathname: Pathname | null): boolean =>
  /^\/(report|rehearsal|blocked\/object)(\/|$)/.test(pathname ?? '')

/** Tells whether a page shows a person's own case: it has no menu, but the button that clears the device. */
export const isOfCase = (pathname: Pathname | null): boolean => pathname === '/track/[number]'

/** Tells whether a page belongs to the survey of public services; the others are about lost phones. */
export const isOfSurvey = (pathname: Pathname | null): boolean =>
  /^\/(rate|results|questions|ledger)(\/|$)/.test(pathname ?? '')
