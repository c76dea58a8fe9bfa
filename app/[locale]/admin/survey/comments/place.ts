import type { CommentKey, HeldKey } from '#features/ratings/comments/reading-data.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'

export type Sent = Readonly<Record<string, string | string[] | undefined>>

/** Returns the place in a list that an address names; null for its beginning. */
export function readPlace(sent: string | string[] | undefined): CommentKey | null {
  const cursor = readCursor(sent)
  return cursor && { month: cursor.at, id: cursor.id }
}

/** Returns the place in the queue of doubtful comments that an address names; null for its beginning. */
export function readHeldPlace(sent: string | string[] | undefined): HeldKey | null {
  const place = readPlace(sent)
  return place && { heldOn: place.month, id: place.id }
}

/** Writes a place for an address, as {@link readPlace} reads it. */
export const formatPlace = ({ month, id }: CommentKey): string => writeCursor({ at: month, id })
