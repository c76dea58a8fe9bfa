/**
 * Tells whether a request's path can be read. Next undoes its escapes up to twice on the way to a page, and answers one that
 * is cut off (`%E0%A4`, or `%25`, which is one the second time) or that is none (`*`) with an empty 500. Nothing has
 * NUL in its name, and PostgreSQL takes none.
 */
export function isReadablePath(path: string): boolean {
  try {
    return /^\/|^https?:\/\//.test(path) && !decodeURIComponent(decodeURIComponent(path)).includes('\0')
  } catch {
    return false
  }
}

/**
 * Returns an address without the NULs in its query: nobody means one, and it reaches the database from every page that
 * filters.
 */
export function withoutNul(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query) + url.slice(query).replaceAll('%00', '')
}
