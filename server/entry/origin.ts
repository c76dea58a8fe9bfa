import '#server-only'
import { isOwnOrigin, originEvidence } from '#domain/access/origin.ts'
import { env } from '#server/platform/env.ts'

/** Whether a request may change something, for route handlers: the proxy makes the same check for pages. */
export const fromOwnSite = (request: Request): boolean =>
  isOwnOrigin(originEvidence(request, env().PUBLIC_URL))
