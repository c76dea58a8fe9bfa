import '#server-only'
import { redirect } from 'next/navigation'
import { missingPath } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

/**
 * Ends a page as not found. Next's own `notFound()` has an empty body without a script (ADR 57); this waits for
 * vercel/next.js#62228.
 */
export function notFoundPage(locale: Locale): never {
  redirect(missingPath(locale))
}
