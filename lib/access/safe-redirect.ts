/** Returns a path of this site that may stand in a redirect, or null: another host must not be reachable through it. */
export function safeRedirectPath(path: string | null | undefined): string | null {
  if (!path?.startsWith('/') || /[\\\p{Cc}]/u.test(path)) return null
  const base = 'http://an-tam.invalid'
  const url = URL.canParse(path, base) ? new URL(path, base) : null
  // `/.//evil.example` is read as a path of ours, and written down is another host's address.
  if (url?.origin !== base || url.pathname.startsWith('//')) return null
  // A proxy that decodes it once more would read a slash, or what browsers leave out; no page of ours has them.
  if (/%(25)*(2f|5c|[01][0-9a-f]|7f)/i.test(url.pathname)) return null
  return `${url.pathname}${url.search}`
}
