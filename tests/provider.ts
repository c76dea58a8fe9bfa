import { createHash, createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

type Json = Readonly<Record<string, unknown>>

/** How an answer of the provider differs from a correct one. */
export interface Lie {
  readonly header?: Json
  readonly claims?: Json
  /** `other`: with a key that the provider does not publish. `secret`: HMAC with the client's secret. */
  readonly signed?: 'right' | 'other' | 'secret' | 'not'
  /** The status that the token endpoint answers instead of tokens. */
  readonly status?: number
  readonly withoutIdToken?: boolean
  readonly userinfo?: Json
  /** The address for signing out that the provider announces. */
  readonly endSession?: string
}

/**
 * An identity provider on loopback that answers as a test tells it to: correctly, except for one lie. It stands
 * for hostile providers. The browser story signs in with a real one.
 */
export class Provider {
  readonly clientId = 'an-tam'
  readonly clientSecret = 'a secret that two know'
  lie: Lie = {}
  /** The client's last request to the token endpoint. */
  asked = new URLSearchParams()
  authorization = ''
  nonce = ''
  issuer = ''
  readonly #keys = { right: newKeys(), other: newKeys() }
  readonly #server = createServer((request, response) => void this.#answer(request, response))

  async start(): Promise<void> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    this.issuer = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
  }

  stop(): void {
    this.#server.close()
    this.#server.closeAllConnections()
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    const { issuer, lie } = this
    switch (request.url) {
      case '/.well-known/openid-configuration':
        return void json({
          issuer,
          authorization_endpoint: `${issuer}/authorize`,
          token_endpoint: `${issuer}/token`,
          userinfo_endpoint: `${issuer}/userinfo`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ['code'],
          // As careless as a provider can be.
          id_token_signing_alg_values_supported: ['RS256', 'HS256', 'none'],
          authorization_response_iss_parameter_supported: true,
          end_session_endpoint: lie.endSession,
        })
      case '/jwks':
        return void json({
          keys: [{ ...this.#keys.right.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig' }],
        })
      case '/token': {
        this.authorization = request.headers.authorization ?? ''
        this.asked = new URLSearchParams(await bodyOf(request))
        if (lie.status !== undefined) return void json({ error: 'invalid_grant' }, lie.status)
        const tokens = { access_token: 'access', token_type: 'Bearer' }
        return void json(lie.withoutIdToken ? tokens : { ...tokens, id_token: this.#idToken() })
      }
      case '/userinfo':
        return void json(lie.userinfo ?? { sub: 'person' })
      default:
        response.writeHead(404).end()
    }
  }

  #idToken(): string {
    const { lie, nonce, issuer: iss, clientId: aud } = this
    const now = Math.floor(Date.now() / 1000)
    const right = { iss, aud, sub: 'person', iat: now, exp: now + 60, nonce }
    // Parts that a lie sets to undefined are left out.
    const parts = [
      { alg: 'RS256', kid: 'one', ...lie.header },
      { ...right, ...lie.claims },
    ].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    return `${parts.join('.')}.${this.#signature(parts.join('.'))}`
  }

  #signature(text: string): string {
    const { signed = 'right' } = this.lie
    if (signed === 'not') return ''
    if (signed === 'secret') return createHmac('sha256', this.clientSecret).update(text).digest('base64url')
    return sign('RSA-SHA256', Buffer.from(text), this.#keys[signed].privateKey).toString('base64url')
  }
}

const newKeys = (): { publicKey: KeyObject; privateKey: KeyObject } =>
  generateKeyPairSync('rsa', { modulusLength: 2048 })

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

/** Returns the challenge of a code verifier (RFC 7636). */
export const challengeOf = (verifier: string): string =>
  createHash('sha256').update(verifier).digest('base64url')
