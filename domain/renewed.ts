import { ownPath } from './access/own-path.ts'

/** What an address has when its page is opened anew because the form sent from it was an earlier version's. */
export const RENEWED = 'renewed'

export function renewed(path: string): string {
  const url = new URL(ownPath(path) ?? '/', 'http://an-tam.invalid')
  url.searchParams.set(RENEWED, '1')
  return `${url.pathname}${url.search}`
}
