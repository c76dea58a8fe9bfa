import { ALPHABET, checkCharacter, isCrockford, readCharacters } from '#lib/crockford.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { fromBase64 } from '#lib/transparency/base64.ts'
import type { Signers, Verify } from '#lib/transparency/note.ts'
import { type Digest, type Hash, rootFromInclusion, sameHash } from '#lib/transparency/tree.ts'
import { readCheckpoint } from '../sealing/rules.ts'
import type { ProofState, PublicProof } from './rules.ts'

/**
 * The code that a receipt on paper carries in the place of a proof's file: `XXXX-XXXX-…`, nine groups. It holds the
 * entry's id, 140 bits of its hash and a check character: known as soon as a case is sent, too much to be guessed or
 * met by another entry, and short enough to be typed. The log itself supplies the rest, signed; so a person who fears
 * that the log is rewritten keeps the file.
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
  /** The hash of its leaf, in base64. */
  readonly leaf: string
}

/** The result for a code: `absent` is one whose entry is not sealed, `other` one whose entry the log has otherwise. */
export type CodeState = 'holds' | 'checkpoint' | 'absent' | 'other'

/** Judges a code by what the log shows of its entry; `place` is null where nothing of that id is sealed. */
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

/** The result of a check: of a file with one line, of a receipt's code, or of a story or a survey's receipt that holds. */
export type Judged = ProofState | CodeState | 'story' | 'receipt'
