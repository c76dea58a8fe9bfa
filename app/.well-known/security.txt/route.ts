import { securityTxt } from '#domain/access/security-txt.ts'
import { pathFor } from '#messages/paths.ts'
import { absoluteUrl } from '#server/entry/public-url.ts'
import { routeHandler } from '#server/entry/route-handler.ts'
import { securityContact } from '#server/entry/security-contact.ts'

/** `GET /.well-known/security.txt` (RFC 9116): where somebody who has found a hole writes to. */
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
