import '#server-only'
import { env } from '#platform/env.ts'

/** Returns a path as an absolute address, for QR codes and paper. Without PUBLIC_URL it uses the request's own host. */
export const absoluteUrl = (path: string, headers: Headers): string =>
  new URL(path, env().PUBLIC_URL ?? `http://${headers.get('host') ?? 'localhost'}`).href

/** Returns the site's own address, for cached pages. It never uses the request's host, which a client can choose. */
export const siteUrl = (): URL => new URL(env().PUBLIC_URL ?? `http://127.0.0.1:${env().PORT}`)
