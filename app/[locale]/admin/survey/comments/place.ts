import type { CommentKey } from '#features/ratings/comments/reading-data.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'

/** Returns the list position in an address; null for the beginning. */
export function readPlace(sent: string | string[] | undefined): CommentKey | null {
  const cursor = readCursor(sent)
  return cursor && { month: cursor.at, id: cursor.id }
}

/** Writes a list position for an address, as {@link readPlace} parses it. */
export const formatPlace = ({ month, id }: CommentKey): string => writeCursor({ at: month, id })
