import '#server-only'
import { pageOf, splitLocale } from '#messages/paths.ts'

/** Returns the pattern that a path matches: one of a fixed list, never the path itself. */
export type RouteOf = (path: string) => string

/**
 * Makes the function that finds the route of a path. Pages come from the table of addresses, in both languages; handlers from
 * the build's list (`/api/evidence/[id]`); anything else is `other`.
 */
export function routesOf(handlers: readonly string[]): RouteOf {
  const fixed = new Set(handlers.filter((one) => !one.includes('[')))
  const patterns = handlers
    .filter((one) => one.includes('['))
    // A fixed name wins over a parameter, and both win over a catch-all.
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

/** A file of `public/`, or a path that looks like one. */
const FILE = /^\/[\w-]+\.\w+$/

const weight = (route: string): number => route.split('[').length + (route.includes('[...') ? 100 : 0)

const patternOf = (route: string): RegExp =>
  new RegExp(
    `^${route
      .replace(/[.]/g, '\\.')
      .replace(/\[\\\.\\\.\\\.\w+\]/g, '.+')
      .replace(/\[\w+\]/g, '[^/]+')}$`,
  )
