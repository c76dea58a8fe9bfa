import '#server-only'
import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'

/**
 * Layout of a sealed value: version (1 byte), nonce (12), tag (16), ciphertext. The cipher is AES-256-GCM (NIST SP 800-38D)
 * with a random nonce. `context` is its associated data, so that a value sealed for one place opens in no other. Keys are
 * KeyObjects, because Node takes three times as long with a key in bytes.
 */
const VERSION = 1
const NONCE = 12
const TAG = 16

export function encrypt(key: Buffer, context: string, plain: Buffer): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', createSecretKey(key), nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), body])
}

/** Opens what {@link encrypt} made with the same key and context; throws on anything else. */
export function decrypt(key: Buffer, context: string, sealed: Uint8Array): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG) throw new Error('not a sealed value')
  const nonce = sealed.subarray(1, 1 + NONCE)
  const decipher = createDecipheriv('aes-256-gcm', createSecretKey(key), nonce, { authTagLength: TAG })
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG))
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()])
}
