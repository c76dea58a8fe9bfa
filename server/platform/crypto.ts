import '#server-only'
import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { env } from './env.ts'

/**
 * The one seam through which personal data is written, read and searched. AES-256-GCM (NIST SP 800-38D) with a
 * random 96-bit nonce; a layout of version (1 byte), nonce (12), tag (16), ciphertext.
 */
const VERSION = 1
const NONCE = 12
const TAG = 16

/** An unwrapped case key. It never leaves the process and is never logged. */
export interface CaseKey {
  readonly caseId: string
  readonly bytes: Buffer
}

export interface WrappedKey {
  readonly wrapped: Uint8Array<ArrayBuffer>
  readonly wrapKeyVersion: number
}

export const random = (bytes: number): Buffer<ArrayBuffer> => randomBytes(bytes)

/** A new key for a case, and its form for `case_keys`. */
export function newCaseKey(caseId: string): { key: CaseKey; stored: WrappedKey } {
  const bytes = randomBytes(32)
  return {
    key: { caseId, bytes },
    stored: { wrapped: encrypt(env().ANTAM_KEY, `case-key:${caseId}`, bytes), wrapKeyVersion: 1 },
  }
}

/** Unwraps a row of `case_keys`. Throws when it was wrapped for another case or with another key. */
export const unwrap = (caseId: string, stored: { readonly wrapped: Uint8Array }): CaseKey => ({
  caseId,
  bytes: decrypt(env().ANTAM_KEY, `case-key:${caseId}`, stored.wrapped),
})

/** Seals a JSON value. `context` names the place it is stored in, so that it cannot be moved to another. */
export const seal = (key: CaseKey, context: string, value: unknown): Uint8Array<ArrayBuffer> =>
  encrypt(key.bytes, `${key.caseId}:${context}`, Buffer.from(JSON.stringify(value)))

/** Opens what {@link seal} made for the same case and context; throws on anything else. */
export const unseal = <T>(key: CaseKey, context: string, sealed: Uint8Array): T =>
  JSON.parse(decrypt(key.bytes, `${key.caseId}:${context}`, sealed).toString()) as T

/** What a case is, as a hash that only its own key makes: nobody can guess at it, and it says nothing without the key. */
export const caseHash = (key: CaseKey, record: string): Uint8Array<ArrayBuffer> =>
  hmac(Buffer.from(hkdfSync('sha256', key.bytes, '', 'antam/case-record/1', 32)), record)

/** Seals under a key derived from a browser's cookie: only that browser can have it opened. */
export const sealForCookie = (cookie: string, context: string, value: unknown): Uint8Array<ArrayBuffer> =>
  encrypt(cookieKey(cookie), context, Buffer.from(JSON.stringify(value)))

/** Opens what {@link sealForCookie} made, or null when this is another browser's. */
export function unsealForCookie<T>(cookie: string, context: string, sealed: Uint8Array): T | null {
  try {
    return JSON.parse(decrypt(cookieKey(cookie), context, sealed).toString()) as T
  } catch {
    return null
  }
}

const cookieKey = (cookie: string): Buffer =>
  Buffer.from(hkdfSync('sha256', cookie, '', 'antam/receipt/1', 32))

/** A hash by which a sealed value can be found again; `kind` keeps a phone from matching a name. */
export const blindIndex = (kind: string, value: string): Uint8Array<ArrayBuffer> =>
  hmac(env().ANTAM_INDEX_KEY, `${kind}\0${value}`)

/** A hash of something secret (token, code, case secret, address) that is only ever compared. */
export const keyedHash = (purpose: string, value: string): Uint8Array<ArrayBuffer> =>
  hmac(env().ANTAM_HASH_KEY, `${purpose}\0${value}`)

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

const prepared = new WeakMap<Buffer, KeyObject>()

/** Preparing a key costs more than the hash: a report needs a dozen of them with the same two keys. */
function hmac(bytes: Buffer, value: string): Buffer<ArrayBuffer> {
  const key = prepared.get(bytes) ?? createSecretKey(bytes)
  prepared.set(bytes, key)
  return Buffer.from(createHmac('sha256', key).update(value).digest())
}

function encrypt(key: Buffer, context: string, plain: Buffer): Buffer<ArrayBuffer> {
  const nonce = randomBytes(NONCE)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context))
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([Uint8Array.of(VERSION), nonce, cipher.getAuthTag(), body])
}

function decrypt(key: Buffer, context: string, sealed: Uint8Array): Buffer {
  if (sealed[0] !== VERSION || sealed.length < 1 + NONCE + TAG) throw new Error('not a sealed value')
  const nonce = sealed.subarray(1, 1 + NONCE)
  const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG })
  decipher.setAAD(Buffer.from(context)).setAuthTag(sealed.subarray(1 + NONCE, 1 + NONCE + TAG))
  return Buffer.concat([decipher.update(sealed.subarray(1 + NONCE + TAG)), decipher.final()])
}
