import { absoluteUrl } from '#http/public-url.ts'
import { routeHandler } from '#http/route-handler.ts'
import { securityContact } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { securityTxt } from '#lib/access/security-txt.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'anybody' satisfies Access

/** `GET /.well-known/security.txt` (RFC 9116): the address for reports of vulnerabilities. */
export const GET = routeHandler((request) => {
  const at = (path: string) => absoluteUrl(path, request.headers)
  const text = securityTxt({
    contact: securityContact() ?? at(pathFor('vi', '/help')),
    canonical: at('/.well-known/security.txt'),
    policy: at(pathFor('vi', '/security')),
    now: new Date(),
  })
  return new Response(text, { headers: { 'content-type': 'text/plain; charset=utf-8' } })
})
