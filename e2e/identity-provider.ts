import { generateKeyPairSync } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import Provider from 'oidc-provider'

/** The product's credentials at the provider, and the provider's people with their claims. */
export const CLIENT = { id: 'an-tam', secret: 'loopback-only-secret-of-the-story' } as const
const PEOPLE: Readonly<Record<string, { name: string; vn_id: string }>> = {
  lan: { name: 'Nguyễn Thị Lan', vn_id: '079199012345' },
}

/** Starts a real OpenID provider on loopback, with its own sign-in forms. */
export function startIdentityProvider(port: number, site: string): Server {
  const issuer = `http://127.0.0.1:${port}`
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT.id,
        client_secret: CLIENT.secret,
        redirect_uris: [`${site}/api/citizen/callback`],
        post_logout_redirect_uris: [`${site}/api/citizen/signed-out`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'story', use: 'sig' }] },
    cookies: { keys: ['a key of the story'] },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
    pkce: { required: () => true },
    claims: { openid: ['sub'], profile: ['name', 'vn_id'] },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, ...PEOPLE[sub] }) }),
  })
  const server = createServer(provider.callback())
  return server.listen(port, '127.0.0.1')
}
