import '#server-only'
import { contentSecurityPolicy } from '#lib/access/content-security-policy.ts'
import { catalogue } from '#messages/catalogue.ts'
import type { Locale } from '#messages/routing.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { refusalPage } from './refusal-page.ts'

/** Returns the answer of a route handler to a form of another site: 403, in words. */
export function foreignOrigin(locale: Locale): Response {
  const nonce = randomBuffer(16).toString('base64')
  return new Response(refusalPage(locale, catalogue[locale].errors.origin, nonce), {
    status: 403,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'content-security-policy': contentSecurityPolicy({ nonce, https: false, development: false }),
    },
  })
}
