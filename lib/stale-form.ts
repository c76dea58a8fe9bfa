import { safeRedirectPath } from './access/safe-redirect.ts'

/**
 * The parameter that an address has when its page is opened anew because the form sent from it was an earlier
 * version's.
 */
export const STALE_FORM = 'renewed'

export function staleFormRedirect(path: string): string {
  const url = new URL(safeRedirectPath(path) ?? '/', 'http://an-tam.invalid')
  url.searchParams.set(STALE_FORM, '1')
  return `${url.pathname}${url.search}`
}
