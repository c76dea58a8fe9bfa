/**
 * Checks whether a request's path can be decoded. Next decodes it up to twice on the way to a page. It answers with an empty 500
 * if an escape is cut off (`%E0%A4`, or `%25`, which is cut off the second time) or if the target is no path (`*`). A path with
 * NUL is refused: no name has one, and PostgreSQL takes none.
 */
export function isReadablePath(path: string): boolean {
  try {
    return /^\/|^https?:\/\//.test(path) && !decodeURIComponent(decodeURIComponent(path)).includes('\0')
  } catch {
    return false
  }
}

/**
 * Removes the NULs from the query of an address: no person types one, and it would reach the database from every page with a
 * filter.
 */
export function withoutNul(url: string): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query) + url.slice(query).replaceAll('%00', '')
}
