import '#server-only'
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'
import { pipeline, type Readable, Transform, type TransformCallback } from 'node:stream'
import type { CaseKey } from './crypto.ts'

/**
 * Files sealed in chunks, so that neither writing nor reading needs a whole file in memory: the STREAM construction (Hoang,
 * Reyhanitabar, Rogaway, Vizár 2015) over AES-256-GCM. Layout: version (1 byte), salt (32), then chunks of at most 64 KiB with
 * their tag (16). A chunk's nonce contains its number and whether it is the last, so chunks cannot be cut off, left out or
 * moved. The key is derived for this one file from the case's key, the salt and `context`.
 */
const VERSION = 1
const SALT = 32
const TAG = 16
const CHUNK = 64 * 1024

const fileKey = (key: CaseKey, salt: Uint8Array, context: string): KeyObject => {
  const derived = hkdfSync('sha256', key.bytes, salt, `antam/file/1:${key.caseId}:${context}`, 32)
  return createSecretKey(Buffer.from(derived))
}

function nonce(chunk: number, last: boolean): Buffer {
  const bytes = Buffer.alloc(12)
  bytes.writeUInt32BE(chunk, 7)
  bytes[11] = last ? 1 : 0
  return bytes
}

/** Splits the input into pieces of `size`; a piece is emitted once it is known whether another follows. */
class Pieces {
  readonly #size: number
  #held: Buffer = Buffer.alloc(0)
  #count = 0

  constructor(size: number) {
    this.#size = size
  }

  *add(bytes: Buffer): Generator<{ piece: Buffer; number: number }> {
    this.#held = Buffer.concat([this.#held, bytes])
    while (this.#held.length > this.#size) {
      yield { piece: this.#held.subarray(0, this.#size), number: this.#count++ }
      this.#held = this.#held.subarray(this.#size)
    }
  }

  last(): { piece: Buffer; number: number } {
    return { piece: this.#held, number: this.#count }
  }
}

/** Thrown if a stored file was changed, moved or truncated; reading it again does not help. */
export class DamagedFile extends Error {
  override name = 'DamagedFile'
}

/** Seals `source` as a stream that fails if `source` does. `context` names the place where it is stored. */
export const sealStream = (source: Readable, key: CaseKey, context: string): Readable =>
  pipeline(source, sealing(key, context), () => {})

/**
 * Opens a stream from {@link sealStream} for the same case and context. Emits a chunk only after verifying it. A changed, moved
 * or missing chunk ends the stream with a {@link DamagedFile}.
 */
export const openStream = (source: Readable, key: CaseKey, context: string): Readable =>
  pipeline(source, opening(key, context), () => {})

function sealing(key: CaseKey, context: string): Transform {
  const salt = randomBytes(SALT)
  const secret = fileKey(key, salt, context)
  const pieces = new Pieces(CHUNK)
  const sealPiece = (piece: Buffer, number: number, last: boolean): Buffer => {
    const cipher = createCipheriv('aes-256-gcm', secret, nonce(number, last))
    return Buffer.concat([cipher.update(piece), cipher.final(), cipher.getAuthTag()])
  }
  const stream = new Transform({
    transform(bytes: Buffer, _encoding, done) {
      for (const { piece, number } of pieces.add(bytes)) this.push(sealPiece(piece, number, false))
      done()
    },
    flush(done) {
      const { piece, number } = pieces.last()
      done(null, sealPiece(piece, number, true))
    },
  })
  stream.push(Buffer.concat([Uint8Array.of(VERSION), salt]))
  return stream
}

function opening(key: CaseKey, context: string): Transform {
  let head: Buffer = Buffer.alloc(0)
  let secret: KeyObject | null = null
  const pieces = new Pieces(CHUNK + TAG)
  const openPiece = (sealed: Buffer, number: number, last: boolean): Buffer => {
    if (secret === null || sealed.length < TAG) throw new Error('a stored file was cut off')
    const body = sealed.subarray(0, -TAG)
    const decipher = createDecipheriv('aes-256-gcm', secret, nonce(number, last), { authTagLength: TAG })
    decipher.setAuthTag(sealed.subarray(-TAG))
    return Buffer.concat([decipher.update(body), decipher.final()])
  }
  const attempt = (done: TransformCallback, work: () => void): void => {
    try {
      work()
    } catch (cause) {
      done(new DamagedFile((cause as Error).message, { cause }))
      return
    }
    done()
  }
  return new Transform({
    transform(bytes: Buffer, _encoding, done) {
      attempt(done, () => {
        let rest = bytes
        if (secret === null) {
          head = Buffer.concat([head, bytes])
          if (head.length < 1 + SALT) return
          if (head[0] !== VERSION) throw new Error('not a sealed file')
          secret = fileKey(key, head.subarray(1, 1 + SALT), context)
          rest = head.subarray(1 + SALT)
        }
        for (const { piece, number } of pieces.add(rest)) this.push(openPiece(piece, number, false))
      })
    },
    flush(done) {
      attempt(done, () => {
        const { piece, number } = pieces.last()
        this.push(openPiece(piece, number, true))
      })
    },
  })
}
