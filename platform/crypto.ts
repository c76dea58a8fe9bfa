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

// The one seam through which personal data is written, read and searched.

/** An unwrapped case key. It never leaves the process and is never logged. */
export interface CaseKey {
  readonly caseId: string
  readonly bytes: Buffer
}

export const randomBuffer = (bytes: number): Buffer<ArrayBuffer> => randomBytes(bytes)

/** Makes a new key for a case, and its form for `case_keys`. */
export function newCaseKey(caseId: string): { key: CaseKey; stored: WrappedKey } {
  const bytes = randomBytes(32)
  return { key: { caseId, bytes }, stored: keyWrapper.wrap(place(caseId), bytes) }
}

const place = (caseId: string): string => `case-key:${caseId}`

/** Unwraps a row of `case_keys`. Throws when it was wrapped for another case, or under a key that is not given. */
export const unwrap = (caseId: string, stored: WrappedKey): CaseKey => ({
  caseId,
  bytes: keyWrapper.unwrap(place(caseId), stored),
})

/** Wraps a case's same key again, under the wrapping key of today. */
export const rewrap = (caseId: string, stored: WrappedKey): WrappedKey =>
  keyWrapper.wrap(place(caseId), unwrap(caseId, stored).bytes)

/** Seals a JSON value. `context` names the place it is stored in, so that it cannot be moved to another. */
export const seal = (key: CaseKey, context: string, value: unknown): Uint8Array<ArrayBuffer> =>
  encrypt(key.bytes, `${key.caseId}:${context}`, Buffer.from(JSON.stringify(value)))

/** Opens what {@link seal} made for the same case and context; throws on anything else. */
export const unseal = <T>(key: CaseKey, context: string, sealed: Uint8Array): T =>
  JSON.parse(decrypt(key.bytes, `${key.caseId}:${context}`, sealed).toString()) as T

/**
 * Hashes what a case is, as only its own key can: nobody can guess at it, and the hash says nothing without the key.
 */
export const caseHash = (key: CaseKey, record: string): Uint8Array<ArrayBuffer> =>
  hmac(derived(key.bytes, 'antam/case-record/1'), record)

/** Seals what belongs to no case. `context` names whose it is, so that it cannot be given to somebody else. */
export function sealFor(context: string, value: Uint8Array): Uint8Array<ArrayBuffer> {
  const { wrapped, wrapKeyVersion } = keyWrapper.wrap(context, Buffer.from(value))
  const version = Buffer.alloc(4)
  version.writeUInt32BE(wrapKeyVersion)
  return Buffer.concat([version, wrapped])
}

/** Returns the version of the wrapping key under which {@link sealFor} made it. */
export const sealVersion = (sealed: Uint8Array): number => Buffer.from(sealed).readUInt32BE()

/** Opens what {@link sealFor} made for the same context; throws on anything else. */
export const unsealFor = (context: string, sealed: Uint8Array): Buffer =>
  keyWrapper.unwrap(context, {
    wrapped: Buffer.from(sealed.subarray(4)),
    wrapKeyVersion: sealVersion(sealed),
  })

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

const cookieKey = (cookie: string): Buffer => derived(Buffer.from(cookie), 'antam/receipt/1')

/** Derives a key for one purpose from another key (HKDF, RFC 5869). */
const derived = (key: Buffer, purpose: string): Buffer =>
  Buffer.from(hkdfSync('sha256', createSecretKey(key), '', purpose, 32))

/**
 * Returns a check value of one of the product's keys (HKDF, RFC 5869): it leads to nothing of the key, is another for
 * each name, and is what no other use of the key makes.
 */
export const fingerprintOf = (name: string, key: Buffer): Uint8Array<ArrayBuffer> =>
  new Uint8Array(derived(key, `antam/fingerprint/1/${name}`))

/** Returns a hash by which a sealed value can be found again; `kind` keeps a phone from matching a name. */
export const blindIndex = (kind: string, value: string): Uint8Array<ArrayBuffer> =>
  hmac(env().ANTAM_INDEX_KEY.bytes, `${kind}\0${value}`)

/** Returns the hashes that a value may be stored under: two while the index's key is being changed. */
export function blindIndexes(kind: string, value: string): Uint8Array<ArrayBuffer>[] {
  const { ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO } = env()
  return [ANTAM_INDEX_KEY, ANTAM_INDEX_KEY_ALSO].flatMap((key) =>
    key ? [hmac(key.bytes, `${kind}\0${value}`)] : [],
  )
}

/** Returns the version of the key that {@link blindIndex} uses. */
export const blindIndexVersion = (): number => env().ANTAM_INDEX_KEY.version

/** Returns a hash of something secret (token, code, case secret, address) that is only ever compared. */
export const keyedHash = (purpose: string, value: string): Uint8Array<ArrayBuffer> =>
  hmac(env().ANTAM_HASH_KEY, `${purpose}\0${value}`)

export const sameBytes = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && timingSafeEqual(a, b)

const prepared = new WeakMap<Buffer, KeyObject>()

/**
 * Returns the HMAC-SHA-256 of a text. The prepared key is kept: preparing it costs more than the hash, and a
 * report needs a dozen hashes with the same two keys.
 */
function hmac(bytes: Buffer, value: string): Buffer<ArrayBuffer> {
  const key = prepared.get(bytes) ?? createSecretKey(bytes)
  prepared.set(bytes, key)
  return Buffer.from(createHmac('sha256', key).update(value).digest())
}
