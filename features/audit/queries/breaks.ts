import '#server-only'
import { toBase64 } from '#lib/transparency/base64.ts'
import { sha256, verifyEd25519 } from '#platform/signatures.ts'
import { resumptionNotes } from '../repository/entries.ts'
import { lostEntries, type PublicBreak, type Resumption, readResumption } from '../rules/resumption.ts'
import { logVerifier } from './key.ts'

/** A break of the log that was stated, and its signed note. */
export interface StatedBreak extends Resumption {
  readonly note: string
}

/** Returns every break that the log itself states, oldest first; a break without a valid signature is left out. */
export async function statedBreaks(): Promise<StatedBreak[]> {
  const notes = await resumptionNotes()
  if (notes.length === 0) return []
  const verifier = await logVerifier()
  const read = await Promise.all(
    notes.map(async (note) => {
      const one = await readResumption(sha256, note, verifier, verifyEd25519)
      return one && { ...one, note }
    }),
  )
  return read.filter((one) => one !== null)
}

/** Returns the same breaks as the public interface gives them. */
export const publicBreaks = async (): Promise<PublicBreak[]> =>
  (await statedBreaks()).map((one) => ({
    history: one.history,
    ended: { size: one.ended.size, root: toBase64(one.ended.root) },
    from: { size: one.from.size, root: toBase64(one.from.root) },
    lost: lostEntries(one),
    at: one.at,
    reason: one.reason,
    note: one.note,
  }))

/** Returns the same breaks as a page says them. */
export const shownBreaks = async () =>
  (await publicBreaks()).map(({ history, ended, from, lost, at, reason }) => ({
    history,
    ended: ended.size,
    from: from.size,
    lost,
    at: new Date(at),
    reason,
  }))
