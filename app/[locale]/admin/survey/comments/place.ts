import type { CommentKey } from '#features/ratings/comments/reading-data.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'

/** Returns the place in a list that an address names; null for its beginning. */
export function readPlace(sent: string | string[] | undefined): CommentKey | null {
  const cursor = readCursor(sent)
  return cursor && { month: cursor.at, id: cursor.id }
}

/** Writes a place for an address, as {@link readPlace} reads it. */
export const formatPlace = ({ month, id }: CommentKey): string => writeCursor({ at: month, id })
