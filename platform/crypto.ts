import '#server-only'
import {
  createHmac,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { decrypt, encrypt } from './aead.ts'
import { env } from './env.ts'
import { keyWrapper, type WrappedKey } from './key-wrapper.ts'

// All personal data is written, read and searched through this module.

/** An unwrapped case key. It never leaves the process and is never logged. */
export interface CaseKey {
  readonly caseId: string
  readonly bytes: Buffer
}

export const randomBuffer = (bytes: number): Buffer<ArrayBuffer> => randomBytes(bytes)

export function newCaseKey(caseId: string): { key: CaseKey; stored: WrappedKey } {
  const bytes = randomBytes(32)
  return { key: { caseId, bytes }, stored: keyWrapper.wrap(place(caseId), bytes) }
}

const place = (caseId: string): string => `case-key:${caseId}`

/** Unwraps a row of `case_keys`. Throws if it was wrapped for another case, or under an unknown key. */
export const unwrap = (caseId: string, stored: WrappedKey): CaseKey => ({
  caseId,
  bytes: keyWrapper.unwrap(place(caseId), stored),
})

/** Wraps the same case key again, under the current wrapping key. */
export const rewrap = (caseId: string, stored: WrappedKey): WrappedKey =>
  keyWrapper.wrap(place(caseId), unwrap(caseId, stored).bytes)

/** Seals a JSON value. `context` names the place where it is stored, so that it cannot be moved elsewhere. */
export const seal = (key: CaseKey, context: string, value: unknown): Uint8Array<ArrayBuffer> =>
  encrypt(key.bytes, `${key.caseId}:${context}`, Buffer.from(JSON.stringify(value)))

/** Opens a value from {@link seal} for the same case and context; throws for any other. */
export const unseal = <T>(key: CaseKey, context: string, sealed: Uint8Array): T =>
  JSON.parse(decrypt(key.bytes, `${key.caseId}:${context}`, sealed).toString()) as T

/** Hashes a case's record with the case's own key. Without the key, nobody can guess the record from the hash. */
export const caseHash = (key: CaseKey, record: string): Uint8Array<ArrayBuffer> =>
  hmac(derived(key.bytes, 'antam/case-record/1'), record)

/** Seals a value that belongs to no case. `context` names its owner, so that it cannot be given to another. */
export function sealFor(context: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const { wrapped, wrapKeyVersion } = keyWrapper.wrap(context, Buffer.from(value))
  const version = Buffer.alloc(4)
  version.writeUInt32BE(wrapKeyVersion)
  return Buffer.concat([version, wrapped])
}

/** Returns the version of the wrapping key that {@link sealFor} used. */
export const sealVersion = (sealed: Uint8Array): number => Buffer.from(sealed).readUInt32BE()

/** Opens a value from {@link sealFor} for the same context; throws for any other. */
export const unsealFor = (context: string, sealed: Uint8Array): Buffer =>
  keyWrapper.unwrap(context, {
    wrapped: Buffer.from(sealed.subarray(4)),
    wrapKeyVersion: sealVersion(sealed),
  })

/** Seals a value under a key derived from a browser's cookie, so that only that browser can open it. */
export const sealForCookie = (cookie: string, context: string, value: unknown): Uint8Array<ArrayBuffer> =>
  encrypt(cookieKey(cookie), context, Buffer.from(JSON.stringify(value)))

/** Opens a value from {@link sealForCookie}, or returns null for another browser's cookie. */
export function unsealForCookie<T>(cookie: string, context: string, sealed: Uint8Array): T | null {
  try {
    return JSON.parse(decrypt(cookieKey(cookie), context, sealed).toString()) as T
  } catch {
    return null
  }
}

const cookieKey = (cookie: string): Buffer => derived(Buffer.from(cookie), 'antam/receipt/1')

/** Derives a key for one purpose from another key (HKDF, RFC 5869). */
const derived = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', createSecretKey(key), '', purpose, 32))

/**
 * Returns a check value of one of the product's keys (HKDF, RFC 5869). It reveals nothing about the key, differs for each name,
 * and equals no other derived value.
 */
export const fingerprintOf = (name: string, key: Buffer): Uint8Array<ArrayBuffer> =>
  new Uint8Array(derived(key, `antam/fingerprint/1/${name}`))

/** Returns a hash for finding a sealed value; `kind` keeps a phone from matching a name. */
export const blindIndex = (kind: string, value: string): Uint8Array<ArrayBuffer> =>
  hmac(env().ANTAM_INDEX_KEY.bytes, `${kind}\0${value}`)

/** Returns the hashes under which a value may be stored: two during a change of the index key. */
export function blindIndexes(kind: string, value: string): Uint8Array<ArrayBuffer>[] {
  const { ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO } = env()
  return [ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO].flatMap((key) =>
    key ? [hmac(key.bytes, `${kind}\0${value}`)] : [],
  )
}

export const blindIndexVersion = (): number => env().ANTAM_INDEX_KEY.version

/** Returns a hash of a secret (token, code, case secret, address) that is only ever compared. */
export const keyedHash = (purpose: string, value: string): Uint8Array<ArrayBuffer> =>
  hmac(env().ANTAM_HASH_KEY, `${purpose}\0${value}`)

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

const prepared = new WeakMap<Buffer, KeyObject>()

/**
 * Returns a text's HMAC-SHA-256. Prepared keys are cached: preparing costs more than hashing, and a report needs a dozen hashes
 * with the same two keys.
 */
function hmac(bytes: Buffer, value: string): Buffer<ArrayBuffer> {
  const key = prepared.get(bytes) ?? createSecretKey(bytes)
  prepared.set(bytes, key)
  return Buffer.from(createHmac('sha256', key).update(value).digest())
}
