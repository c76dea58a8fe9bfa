import { fromBase64, toBase64 } from './base64.ts'
import {
  COSIGNATURE,
  keyIdOf,
  ML_DSA_COSIGNATURE,
  readVerifier,
  type Sign,
  type Verifier,
  type Verify,
} from './note.ts'
import type { Digest, Sha256 } from './tree.ts'

// Cosignatures of witnesses (c2sp.org/tlog-cosignature, Ed25519 and ML-DSA-44): a line below a checkpoint, with a time in it.

const TIME = 8
const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Returns the part of a note above its signatures, with its last line feed. */
export const bodyOf = (note: string): string => note.slice(0, note.indexOf('\n\n') + 1)

/** Returns the witness of a key's line, of either kind. */
export const readWitness = async (sha256: Digest, line: string): Promise<Verifier | null> =>
  (await readVerifier(sha256, line, COSIGNATURE)) ?? readVerifier(sha256, line, ML_DSA_COSIGNATURE)

const typeOf = ({ publicKey }: Verifier): number =>
  publicKey.length === 32 ? COSIGNATURE : ML_DSA_COSIGNATURE

function messageOf(note: string, witness: Verifier, seconds: bigint): Uint8Array {
  if (typeOf(witness) === COSIGNATURE) return encode(`cosignature/v1\ntime ${seconds}\n${bodyOf(note)}`)
  const [origin = '', size = '', root = ''] = note.split('\n')
  const [name, log] = [encode(witness.name), encode(origin)]
  const number = (value: bigint) => {
    const bytes = new Uint8Array(8)
    new DataView(bytes.buffer).setBigUint64(0, value)
    return bytes
  }
  // `cosigned_message`: of the whole tree, from leaf 0 to its size.
  return Uint8Array.of(
    ...[...encode('subtree/v1\n\0'), name.length, ...name, ...number(seconds)],
    ...[log.length, ...log, ...number(0n), ...number(BigInt(size)), ...(fromBase64(root) ?? [])],
  )
}

/** Returns the line by which a witness signs a checkpoint, at a time in seconds since 1970. */
export function writeCosignature(
  sha256: Sha256,
  note: string,
  witness: Verifier,
  sign: Sign,
  seconds: number,
): string {
  const time = new Uint8Array(TIME)
  new DataView(time.buffer).setBigUint64(0, BigInt(seconds))
  const signature = sign(messageOf(note, witness, BigInt(seconds)))
  const bytes = Uint8Array.of(...keyIdOf(sha256, witness, typeOf(witness)), ...time, ...signature)
  return `— ${witness.name} ${toBase64(bytes)}\n`
}

/** Returns when a witness signed a checkpoint, from the lines given; null if none of them is its signature. */
export async function readCosignature(
  sha256: Digest,
  note: string,
  lines: string,
  witness: Verifier,
  verify: Verify,
): Promise<{ readonly at: Date; readonly line: string } | null> {
  const id = toBase64(await keyIdOf(sha256, witness, typeOf(witness)))
  for (const line of lines.split('\n')) {
    const [mark, name, value = '', ...more] = line.split(' ')
    const bytes = mark === '—' && name === witness.name && more.length === 0 ? fromBase64(value) : null
    if (!bytes || bytes.length <= 4 + TIME || toBase64(bytes.slice(0, 4)) !== id) continue
    const seconds = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(4)
    // Beyond what a date can hold.
    if (seconds > 8_640_000_000_000n) continue
    if (await verify(witness.publicKey, messageOf(note, witness, seconds), bytes.slice(4 + TIME)))
      return { at: new Date(Number(seconds) * 1000), line: `${line}\n` }
  }
  return null
}
