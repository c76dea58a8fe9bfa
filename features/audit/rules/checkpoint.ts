import { fromBase64, toBase64 } from '#lib/transparency/base64.ts'
import { readNote, type Sign, type Verifier, type Verify, writeNote } from '#lib/transparency/note.ts'
import type { Digest, Hash, Sha256 } from '#lib/transparency/tree.ts'

/** A tree head: what the first `size` entries are, as one hash. */
export interface TreeHead {
  readonly size: number
  readonly root: Hash
}

const HASH = 32
const BODY = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]+)\n$/

/**
 * Returns a signed tree head in C2SP's format (c2sp.org/tlog-checkpoint): the log's origin, which is its signer's name,
 * the size and the root, signed as a note.
 */
export const writeCheckpoint = (
  sha256: Sha256,
  { size, root }: TreeHead,
  signer: Verifier,
  sign: Sign,
): string => writeNote(sha256, `${signer.name}\n${size}\n${toBase64(root)}\n`, signer, sign)

/**
 * Returns the tree head that `verifier` signed; null where the text is no checkpoint, was changed, or has another
 * signer.
 */
export async function readCheckpoint(
  sha256: Digest,
  note: string,
  verifier: Verifier,
  verify: Verify,
): Promise<TreeHead | null> {
  const text = await readNote(sha256, note, verifier, verify)
  const [, origin, size, written = ''] = BODY.exec(text ?? '') ?? []
  const root = fromBase64(written)
  return origin === verifier.name && root?.length === HASH ? { size: Number(size), root } : null
}
