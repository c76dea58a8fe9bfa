import '#server-only'
import { createHash, createPrivateKey, createPublicKey, sign, verify } from 'node:crypto'
import type { Sign, Verify } from '#lib/transparency/note.ts'
import type { Sha256 } from '#lib/transparency/tree.ts'

export const sha256: Sha256 = (...parts) => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part)
  return hash.digest()
}

/** The prefix of a 32-byte private key in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from('302e020100300506032b657004220420', 'hex')

/** Makes the Ed25519 key (RFC 8032) from a seed of 32 bytes. */
export function ed25519(seed: Uint8Array): { readonly sign: Sign; readonly publicKey: Uint8Array } {
  const key = createPrivateKey({ key: Buffer.concat([PKCS8, seed]), format: 'der', type: 'pkcs8' })
  const { x = '' } = createPublicKey(key).export({ format: 'jwk' })
  return { sign: (message) => sign(null, message, key), publicKey: Buffer.from(x, 'base64url') }
}

/** The prefix of a 1,312-byte public key of ML-DSA-44 as SubjectPublicKeyInfo (RFC 9881). */
const SPKI = Buffer.from('30820532300b06096086480165030403110382052100', 'hex')

const readMlDsaKey = (publicKey: Uint8Array) =>
  createPublicKey({ key: Buffer.concat([SPKI, publicKey]), format: 'der', type: 'spki' })

/** Tells whether this Node supports ML-DSA-44, as 24.6 and later do. Otherwise the settings refuse such a key. */
export function checksMlDsa(): boolean {
  try {
    readMlDsaKey(new Uint8Array(1312))
    return true
  } catch {
    return false
  }
}

/** Verifies a witness's signature with Ed25519 or ML-DSA-44 (FIPS 204), according to the length of the key. */
export const verifyWitness: Verify = (publicKey, message, signature) =>
  publicKey.length === 32
    ? verifyEd25519(publicKey, message, signature)
    : verify(null, message, readMlDsaKey(publicKey), signature)

export const verifyEd25519: Verify = (publicKey, message, signature) => {
  const x = Buffer.from(publicKey).toString('base64url')
  return verify(null, message, { key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' }, signature)
}
