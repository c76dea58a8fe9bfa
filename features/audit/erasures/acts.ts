import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Instant } from '#lib/time.ts'
import { writeNote, writeVerifier } from '#lib/transparency/note.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { sha256 } from '#platform/signatures.ts'
import { keepNote } from '../files.ts'
import { readLogSigner } from '../sealing/data.ts'
import type { Erasure } from './rules.ts'

const BATCH = 5_000

/** Notes an erasure, or a revocation that protects a person, in its own transaction. A restored older backup repeats it. */
export const noteErased = async (tx: Tx, kind: Erasure['kind'], ids: readonly string[], at: Instant) => {
  if (ids.length > 0) await tx.erasure.createMany({ data: ids.map((subjectId) => ({ kind, subjectId, at })) })
}

/**
 * Writes new erasures to a signed file outside the database, beside the checkpoints, and returns their number. The file is
 * written before the rows are marked: after a crash in between, the next run writes the same erasures to another file.
 */
export async function keepErasures(now: Instant): Promise<number> {
  for (let kept = 0; ; ) {
    const some = await transaction(async (tx) => {
      // SKIP LOCKED: no other transaction takes the same rows.
      const erasures = await tx.$queryRaw<(Erasure & { readonly id: bigint })[]>`
        SELECT id, kind, subject_id AS "subjectId", at FROM erasures WHERE kept_at IS NULL
        ORDER BY id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`
      if (erasures.length === 0) return 0
      const { signer, sign } = readLogSigner()
      // A signed note (c2sp.org/signed-note) that cannot be read as a checkpoint or a break.
      const lines = erasures.map(({ kind, subjectId, at }) => `${kind} ${subjectId} ${at.toISOString()}\n`)
      const note = writeNote(sha256, `${signer.name}/erased\n${lines.join('')}`, signer, sign)
      await keepNote(erasureFile(now), note, writeVerifier(sha256, signer))
      const where = { id: { in: erasures.map(({ id }) => id) } }
      await tx.erasure.updateMany({ where, data: { keptAt: now } })
      return erasures.length
    })
    kept += some
    if (some < BATCH) return kept
  }
}

/** Returns a file name. Names sort by time; the random part separates two of the same second. */
const erasureFile = (at: Date): string =>
  `erased-${at.toISOString().replace(/\D/g, '').slice(0, 14)}-${randomUUID().slice(0, 8)}.note`
