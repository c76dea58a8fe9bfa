import '#server-only'
import type { Instant } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { keyWrapper } from '#platform/key-wrapper.ts'
import { resealAll } from '#platform/reseal.ts'
import type { FoundRow } from './rules.ts'

// What police write by hand about a found phone may tell of a person. It belongs to no case, so it lies under the
// wrapping key.

const noteOf = (id: string): string => `found-note:${id}`
const uploadOf = (id: string): string => `found-upload:${id}`

/** Returns a note as it is stored; null where there is none. */
export const sealNote = (id: string, note: string): Uint8Array<ArrayBuffer> | null =>
  note === '' ? null : sealFor(noteOf(id), Buffer.from(note))

/** Returns a stored note, opened; a note from before notes were sealed is returned unchanged. */
export const openNote = (row: {
  readonly id: string
  readonly note: string
  readonly noteSealed: Uint8Array | null
}): string => (row.noteSealed ? unsealFor(noteOf(row.id), row.noteSealed).toString() : row.note)

/**
 * Seals the next notes after `after` that are under another wrapping key than today's, or under none; answers the last
 * one's phone, or null where there is none.
 */
export async function resealNotesAfter(tx: Tx, after: string, limit: number): Promise<string | null> {
  const version = keyWrapper.version()
  const rows = await tx.$queryRaw<{ id: string; note: string; noteSealed: Uint8Array | null }[]>`
    SELECT id, note, note_sealed AS "noteSealed" FROM found_phones
    WHERE id > ${after}::uuid AND (note <> '' OR substr(note_sealed, 1, 4) <> int4send(${version}::integer))
    ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE`
  const ids = rows.map(({ id }) => id)
  const sealed = rows.map((row) => sealNote(row.id, openNote(row)))
  await tx.$executeRaw`UPDATE found_phones f SET note = '', note_sealed = n.sealed
    FROM unnest(${ids}::uuid[], ${sealed}::bytea[]) n (id, sealed) WHERE f.id = n.id`
  return ids.at(-1) ?? null
}

export interface Upload {
  readonly id: string
  readonly rows: readonly FoundRow[]
}

const seal = (id: string, rows: Upload['rows']) => sealFor(uploadOf(id), Buffer.from(JSON.stringify(rows)))
const open = (id: string, sealed: Uint8Array): Upload['rows'] =>
  JSON.parse(unsealFor(uploadOf(id), sealed).toString()) as Upload['rows']

export const insertUpload = (
  tx: Tx,
  { id, rows, ...by }: Upload & { readonly addedById: string; readonly expiresAt: Instant },
) => tx.foundUpload.createMany({ data: [{ ...by, id, sealed: seal(id, rows) }], skipDuplicates: true })

/** Returns a file that its own sender has still to confirm. */
export async function findUpload(
  id: string,
  addedById: string,
  now: Instant,
  tx: Tx = db,
): Promise<Upload | null> {
  const row = await tx.foundUpload.findFirst({
    where: { id, addedById, expiresAt: { gt: now } },
    select: { sealed: true },
  })
  return row && { id, rows: open(id, row.sealed) }
}

export async function removeUpload(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.foundUpload.deleteMany({ where: { id } })
  return count === 1
}

/** Brings every file under the wrapping key of today; answers whether there was none to bring. */
export const resealUploads = (tx: Tx): Promise<boolean> =>
  resealAll(tx.foundUpload, (id, sealed) => seal(id, open(id, sealed)))
