import '#server-only'
import type { IncomingMessage } from 'node:http'
import { isOwnOrigin } from '#domain/access/origin.ts'
import { env } from '#server/platform/env.ts'

const isOwn = (method: string, header: (name: string) => string | null): boolean =>
  isOwnOrigin({
    method,
    origin: header('origin'),
    secFetchSite: header('sec-fetch-site'),
    referer: header('referer'),
    host: header('host'),
    publicUrl: env().PUBLIC_URL ?? null,
  })

/** Whether a request may change something, for route handlers: the gate makes the same check for pages. */
export const fromOwnSite = ({ method, headers }: Request): boolean =>
  isOwn(method, (name) => headers.get(name))

/** The same before Next has seen it. */
export const sentFromOwnSite = ({ method = '', headers }: IncomingMessage): boolean =>
  isOwn(method, (name) => headers[name]?.toString() ?? null)
