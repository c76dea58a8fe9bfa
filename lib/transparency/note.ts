import { fromBase64, toBase64 } from './base64.ts'
import type { Digest, Hash, Sha256 } from './tree.ts'

/**
 * Signed notes as C2SP writes them (c2sp.org/signed-note), with Ed25519: a text, an empty line, and a line for each
 * signature. Any tool that knows the format can read ours.
 */
export interface Verifier {
  /** Appears in the line of each signature; no spaces and no plus sign. */
  readonly name: string
  /** 32 bytes, RFC 8032; a witness may also have 1,312, FIPS 204. */
  readonly publicKey: Uint8Array
  /** The largest size of the log that this key signed, if another key came after it. */
  readonly until?: number
}

/** The key of a log, or its keys: today's first, then its earlier ones. */
export type Signers = Verifier | readonly Verifier[]

/** Returns the result of `read` with the first key that fits; null if no key fits. */
export async function readByAny<T>(
  signers: Signers,
  read: (signer: Verifier) => Promise<T | null>,
): Promise<T | null> {
  for (const signer of [signers].flat()) {
    const found = await read(signer)
    if (found !== null) return found
  }
  return null
}

export type Sign = (message: Uint8Array) => Uint8Array
export type Verify = (
  publicKey: Uint8Array,
  message: Uint8Array,
  signature: Uint8Array,
) => boolean | Promise<boolean>

const ED25519 = 1
/** The type of a witness's key (c2sp.org/tlog-cosignature). */
export const COSIGNATURE = 4
/** The same by ML-DSA-44 (FIPS 204). */
export const ML_DSA_COSIGNATURE = 6
/** The bytes of a public key, by its type. */
const LENGTHS: Readonly<Record<number, number>> = {
  [ED25519]: 32,
  [COSIGNATURE]: 32,
  [ML_DSA_COSIGNATURE]: 1312,
}
const KEY_ID = 4
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)
const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Returns the key's hash; its first four bytes identify the key in a signature. */
const keyHash = <H>(
  sha256: (...parts: readonly Uint8Array[]) => H,
  { name, publicKey }: Verifier,
  type = ED25519,
): H => sha256(encode(`${name}\n`), Uint8Array.of(type), publicKey)
const keyId = (hash: Hash): Uint8Array => hash.slice(0, KEY_ID)
/** Returns the four bytes that name a key of a type in its signatures. */
export function keyIdOf(sha256: Sha256, verifier: Verifier, type: number): Hash
export function keyIdOf(sha256: Digest, verifier: Verifier, type: number): Hash | Promise<Hash>
export function keyIdOf(sha256: Digest, verifier: Verifier, type: number): Hash | Promise<Hash> {
  const hash = keyHash(sha256, verifier, type)
  return hash instanceof Uint8Array ? keyId(hash) : hash.then(keyId)
}

/** Returns a verifier as one line, `name+id+key`, for people who check signatures. */
export const writeVerifier = (sha256: Sha256, verifier: Verifier, type = ED25519): string =>
  `${verifier.name}+${hex(keyIdOf(sha256, verifier, type))}+${toBase64(Uint8Array.of(type, ...verifier.publicKey))}`

export async function readVerifier(sha256: Digest, text: string, type = ED25519): Promise<Verifier | null> {
  const [, name, id, key] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? []
  const bytes = fromBase64(key ?? '')
  if (!name || bytes?.[0] !== type || bytes.length - 1 !== LENGTHS[type]) return null
  const verifier = { name, publicKey: bytes.slice(1) }
  return hex(await keyIdOf(sha256, verifier, type)) === id ? verifier : null
}

/** Returns a text with the signature of `signer`; the text ends with a line feed. */
export function writeNote(sha256: Sha256, text: string, signer: Verifier, sign: Sign): string {
  const signature = toBase64(Uint8Array.of(...keyId(keyHash(sha256, signer)), ...sign(encode(text))))
  return `${text}\n— ${signer.name} ${signature}\n`
}

/** Returns the text of a note that `verifier` signed, perhaps among others; null if it did not. */
export async function readNote(
  sha256: Digest,
  note: string,
  verifier: Verifier,
  verify: Verify,
): Promise<string | null> {
  const [, text = '', lines = ''] = /^(.*\n)\n((?:— \S+ \S+\n)+)$/s.exec(note) ?? []
  const id = hex(keyId(await keyHash(sha256, verifier)))
  for (const line of lines.split('\n')) {
    const [, name, value = ''] = line.split(' ')
    const bytes = name === verifier.name ? fromBase64(value) : null
    if (bytes === null || hex(bytes.slice(0, KEY_ID)) !== id) continue
    if (await verify(verifier.publicKey, encode(text), bytes.slice(KEY_ID))) return text
  }
  return null
}
