import '#server-only'
import { db } from '#platform/db.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { erasureNotes, readKept } from '../files.ts'
import { readLogSigners } from '../sealing/data.ts'
import { type Erasure, readErasures } from './rules.ts'

/** Returns the notes that this database does not have, for example after a restore from an older backup. */
export async function findUnknownNotes(notes: readonly Erasure[]): Promise<Erasure[]> {
  const rows = await db.erasure.findMany({
    where: { subjectId: { in: notes.map(({ subjectId }) => subjectId) } },
    select: { kind: true, subjectId: true, at: true },
  })
  const key = ({ kind, subjectId, at }: (typeof rows)[number]) => `${kind} ${subjectId} ${at.getTime()}`
  const known = new Set(rows.map(key))
  return notes.filter((note) => !known.has(key(note)))
}

/**
 * Yields the erasures since an instant (or all), file by file. A file without the log's signature must erase nothing: its
 * erasures are null.
 */
export async function* readKeptErasures(
  since: Date | null,
): AsyncGenerator<{ readonly file: string; readonly erasures: readonly Erasure[] | null }> {
  const signers = await readLogSigners()
  for (const file of await erasureNotes(since)) {
    yield { file, erasures: await readErasures(sha256, await readKept(file), signers, verifyEd25519) }
  }
}
