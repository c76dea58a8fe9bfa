import '#server-only'
import { pageOf, splitLocale } from '#messages/paths.ts'

/** Returns the pattern that a path matches: one of a list known beforehand, and never the path itself. */
export type RouteOf = (path: string) => string

/**
 * Makes the function that tells the route of a path. Pages come from the table of their addresses, in either language;
 * handlers from the build's own list (`/api/evidence/[id]`); what is neither is `other`.
 */
export function routesOf(handlers: readonly string[]): RouteOf {
  const fixed = new Set(handlers.filter((one) => !one.includes('[')))
  const patterns = handlers
    .filter((one) => one.includes('['))
    // A fixed name wins over a parameter in its place, and both over the rest of a path.
    .toSorted((a, b) => weight(a) - weight(b))
    .map((route) => ({ route, pattern: patternOf(route) }))
  return (path) => {
    if (path.startsWith('/_next/')) return '/_next'
    if (fixed.has(path)) return path
    const handler = patterns.find(({ pattern }) => pattern.test(path))?.route
    if (handler) return handler
    if (FILE.test(path)) return 'file'
    return pageOf(splitLocale(path).rest) ?? 'other'
  }
}

/** A file of `public/`, or what looks for one. */
const FILE = /^\/[\w-]+\.\w+$/

const weight = (route: string): number => route.split('[').length + (route.includes('[...') ? 100 : 0)

const patternOf = (route: string): RegExp =>
  new RegExp(
    `^${route
      .replace(/[.]/g, '\\.')
      .replace(/\[\\\.\\\.\\\.\w+\]/g, '.+')
      .replace(/\[\w+\]/g, '[^/]+')}$`,
  )
