import '#server-only'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { erasureNotes, keptNote } from '../files.ts'
import { type Erasure, readErasures } from '../rules/erasure.ts'
import { logVerifier } from './key.ts'

export { unknownNotes } from '../repository/erasures.ts'

/**
 * Yields the erasures written since an instant (or ever), a file at a time. A file that the log's key did not sign
 * erases nothing: only its name is yielded.
 */
export async function* erasuresKept(
  since: Date | null,
): AsyncGenerator<{ readonly file: string; readonly erasures: readonly Erasure[] | null }> {
  const verifier = await logVerifier()
  for (const file of await erasureNotes(since)) {
    yield { file, erasures: await readErasures(sha256, await keptNote(file), verifier, verifyEd25519) }
  }
}
