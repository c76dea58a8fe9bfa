import '#server-only'
import { env } from '#platform/env.ts'

/**
 * Returns a path as an absolute address, for what leaves the browser: QR codes and paper. Without PUBLIC_URL it is the
 * host that the request itself was sent to.
 */
export const absoluteUrl = (path: string, headers: Headers): string =>
  new URL(path, env().PUBLIC_URL ?? `http://${headers.get('host') ?? 'localhost'}`).href

/**
 * Returns the site's own address, for pages that are kept for everybody: never by the host of a request, which a stranger
 * chooses.
 */
export const siteUrl = (): URL => new URL(env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`)
