import '#server-only'
import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** Reads a public key of the kind that our pages make in a browser: ECDSA on P-256, as SPKI. Null for anything else. */
function readKey(spki: Uint8Array): KeyObject | null {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' })
    return key.asymmetricKeyDetails?.namedCurve === 'prime256v1' ? key : null
  } catch {
    return null
  }
}

/** Returns the key that a browser sent as base64url, as it is stored; null where it is none. */
export function parseDeviceKey(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[\w-]{80,200}$/.test(text)) return null
  const key = readKey(Buffer.from(text, 'base64url'))
  return key === null ? null : new Uint8Array(key.export({ format: 'der', type: 'spki' }))
}

/** Tells whether a text was signed with a device's key. WebCrypto writes a signature as its two numbers, base64url here. */
export function isSigned(spki: Uint8Array, message: string, signature: string): boolean {
  const key = readKey(spki)
  return (
    key !== null &&
    /^[\w-]{86}$/.test(signature) &&
    verify(
      'sha256',
      Buffer.from(message),
      { key, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  )
}
