import { ALPHABET, checkCharacter, isCrockford, readCharacters } from '#lib/crockford.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { fromBase64 } from '#lib/transparency/base64.ts'
import type { Signers, Verify } from '#lib/transparency/note.ts'
import { type Digest, type Hash, rootFromInclusion, sameHash } from '#lib/transparency/tree.ts'
import { readCheckpoint } from '../sealing/rules.ts'
import type { ProofState, PublicProof } from './rules.ts'

/**
 * The code on a paper receipt, instead of a proof's file: `XXXX-XXXX-…`, nine groups. It contains the entry's id, 140 bits of
 * its hash and a check character. It is known as soon as a case is sent, too long to guess or to collide, and short enough to
 * type. The log itself supplies the rest, signed; a person who fears that the log is rewritten keeps the file.
 */
export type ProofCode = string & { readonly __brand: 'ProofCode' }

export interface NamedEntry {
  readonly code: ProofCode
  readonly entry: number
}

const ID_LENGTH = 7
const HASH_LENGTH = 28
const LENGTH = ID_LENGTH + HASH_LENGTH
const BITS = 5

const digits = (value: bigint, length: number): string =>
  Array.from({ length }, (_, at) =>
    ALPHABET.charAt(Number((value >> BigInt(BITS * (length - 1 - at))) % BigInt(ALPHABET.length))),
  ).join('')

const numberOf = (bytes: Uint8Array): bigint => bytes.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)

const write = (body: string): ProofCode =>
  `${body}${checkCharacter(body)}`.replace(/.{4}(?=.)/g, '$&-') as ProofCode

export function proofCode(entry: bigint, leaf: Hash): ProofCode {
  if (entry < 0n || entry >> BigInt(BITS * ID_LENGTH) !== 0n)
    throw new RangeError(`no code for entry ${entry}`)
  const rest = BigInt(8 * leaf.length - BITS * HASH_LENGTH)
  return write(digits(entry, ID_LENGTH) + digits(numberOf(leaf) >> rest, HASH_LENGTH))
}

export function readProofCode(typed: string): Result<NamedEntry, 'empty' | 'format' | 'check'> {
  const characters = readCharacters(typed.slice(0, 200))
  if (characters === '') return err('empty')
  if (!isCrockford(characters, LENGTH + 1)) return err('format')
  const body = characters.slice(0, LENGTH)
  if (checkCharacter(body) !== characters.slice(LENGTH)) return err('check')
  const entry = [...body.slice(0, ID_LENGTH)].reduce(
    (sum, character) => sum * ALPHABET.length + ALPHABET.indexOf(character),
    0,
  )
  return ok({ code: write(body), entry })
}

export interface EntryPlace extends PublicProof {
  readonly index: number
  /** The leaf's hash, in base64. */
  readonly leaf: string
}

/** `absent`: no sealed entry has this id. `other`: the log has another entry there. */
export type CodeState = 'holds' | 'checkpoint' | 'absent' | 'other'

/** Compares a code with the log's entry; `place` is null if no sealed entry has this id. */
export async function judgeCode(
  sha256: Digest,
  verify: Verify,
  signers: Signers,
  { code, entry }: NamedEntry,
  place: EntryPlace | null,
): Promise<CodeState> {
  if (place === null) return 'absent'
  const leaf = fromBase64(place.leaf)
  if (leaf === null || proofCode(BigInt(entry), leaf) !== code) return 'other'
  const head = await readCheckpoint(sha256, place.checkpoint, signers, verify)
  if (head?.size !== place.size) return 'checkpoint'
  const hashes = place.proof.map(fromBase64).filter((one) => one !== null)
  const root = await rootFromInclusion(sha256, leaf, place.index, head.size, hashes)
  return root !== null && sameHash(root, head.root) ? 'holds' : 'other'
}

/** The result for a file with one line, for a receipt's code, or for a valid story or survey receipt. */
export type Judged = ProofState | CodeState | 'story' | 'receipt'
