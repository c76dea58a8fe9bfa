import { safeRedirectPath } from './access/safe-redirect.ts'

/** The address parameter of a page that was opened again because its form came from an earlier version of the product. */
export const STALE_FORM = 'renewed'

export function staleFormRedirect(path: string): string {
  const url = new URL(safeRedirectPath(path) ?? '/', 'http://an-tam.invalid')
  url.searchParams.set(STALE_FORM, '1')
  return `${url.pathname}${url.search}`
}
