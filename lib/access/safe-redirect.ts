/** Returns a path of this site for a redirect, or null: a redirect must not lead to another host. */
export function safeRedirectPath(path: string | null | undefined): string | null {
  if (!path?.startsWith('/') || /[\\\p{Cc}]/u.test(path)) return null
  const base = 'http://an-tam.invalid'
  const url = URL.canParse(path, base) ? new URL(path, base) : null
  // `/.//evil.example` is parsed as a path of ours, but written out it is another host's address.
  if (url?.origin !== base || url.pathname.startsWith('//')) return null
  // A proxy that decodes it once more would see a slash, or characters that browsers drop; no page of ours has them.
  if (/%(25)*(2f|5c|[01][0-9a-f]|7f)/i.test(url.pathname)) return null
  return `${url.pathname}${url.search}`
}
