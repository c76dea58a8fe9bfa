import '#server-only'
import { isOwnOrigin } from '#lib/access/origin.ts'
import { env } from '#platform/env.ts'

/** Tells whether a request may change data. A request from a page of another site may not. */
export const fromOwnSite = ({ method, headers }: Pick<Request, 'method' | 'headers'>): boolean =>
  isOwnOrigin({
    method,
    origin: headers.get('origin'),
    secFetchSite: headers.get('sec-fetch-site'),
    referer: headers.get('referer'),
    host: headers.get('host'),
    publicUrl: env().PUBLIC_URL ?? null,
  })
