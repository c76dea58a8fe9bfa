/**
 * Whether a request's path can be read. Next undoes its escapes up to twice on the way to a page, and answers one that
 * is cut off (`%E0%A4`, or `%25`, which is one the second time) with an empty 500.
 */
export function isReadablePath(path: string): boolean {
  try {
    decodeURIComponent(decodeURIComponent(path))
    return true
  } catch {
    return false
  }
}
