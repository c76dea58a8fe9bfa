import '#server-only'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { erasureNotes, keptNote } from '../files.ts'
import { readLogVerifier } from '../sealing/data.ts'
import { type Erasure, readErasures } from './rules.ts'

export const addErasures = (tx: Tx, erasures: readonly Erasure[]): Promise<unknown> =>
  tx.erasure.createMany({ data: [...erasures] })

/** Takes erasures that are not written outside yet; no other transaction takes the same ones. */
export async function takeUnkept(tx: Tx, limit: number): Promise<(Erasure & { readonly id: bigint })[]> {
  const rows = await tx.$queryRaw<{ id: bigint; kind: string; subjectId: string; at: Date }[]>`
    SELECT id, kind, subject_id AS "subjectId", at FROM erasures WHERE kept_at IS NULL
    ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`
  return rows.map((row) => ({ ...row, kind: row.kind as Erasure['kind'] }))
}

export const markKept = (tx: Tx, ids: readonly bigint[], now: Instant): Promise<unknown> =>
  tx.erasure.updateMany({ where: { id: { in: [...ids] } }, data: { keptAt: now } })

/** Returns the notes that the database has not written itself, as where it was restored from an older backup. */
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
 * Yields the erasures written since an instant (or ever), a file at a time. A file that the log's key did not sign
 * erases nothing: only its name is yielded.
 */
export async function* readKeptErasures(
  since: Date | null,
): AsyncGenerator<{ readonly file: string; readonly erasures: readonly Erasure[] | null }> {
  const verifier = await readLogVerifier()
  for (const file of await erasureNotes(since)) {
    yield { file, erasures: await readErasures(sha256, await keptNote(file), verifier, verifyEd25519) }
  }
}
