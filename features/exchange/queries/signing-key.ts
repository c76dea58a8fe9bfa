import '#server-only'
import { createHash } from 'node:crypto'
import { canonicalJson } from '#lib/canonical-json.ts'
import { env } from '#platform/env.ts'
import { ed25519 } from '#platform/signatures.ts'
import type { KeySet } from '../rules/list-files.ts'

const base64url = (bytes: string | Uint8Array): string => Buffer.from(bytes).toString('base64url')

type PublicKey = KeySet['keys'][number]

/** Returns a public key as JSON Web Key (RFC 8037), named by its thumbprint (RFC 7638). */
function publicKey(seed: Uint8Array): PublicKey {
  const key = { crv: 'Ed25519', kty: 'OKP', x: base64url(ed25519(seed).publicKey) } as const
  const kid = createHash('sha256').update(canonicalJson(key)).digest('base64url')
  return { ...key, kid, alg: 'EdDSA', use: 'sig' }
}

/**
 * Returns the keys that the exchange's signatures are checked with: the key of today, then the one before or the next.
 */
export function exchangeKeys(): KeySet {
  const { ANTAM_EXCHANGE_KEY: current, ANTAM_EXCHANGE_KEY_ALSO: also } = env()
  return { keys: (also ? [current, also] : [current]).map(publicKey) }
}

/**
 * Signs a payload: returns a JWS (RFC 7515) without its payload (appendix F), which is sent beside it:
 * `header..signature`.
 */
export function signDetached(payload: string): string {
  const seed = env().ANTAM_EXCHANGE_KEY
  const header = base64url(JSON.stringify({ alg: 'EdDSA', kid: publicKey(seed).kid }))
  const signature = ed25519(seed).sign(Buffer.from(`${header}.${base64url(payload)}`))
  return `${header}..${base64url(signature)}`
}
