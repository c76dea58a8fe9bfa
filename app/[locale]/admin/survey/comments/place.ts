import type { CommentKey } from '#features/ratings/comments/reading-data.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'

export function readPlace(sent: string | string[] | undefined): CommentKey | null {
  const cursor = readCursor(sent)
  return cursor && { month: cursor.at, id: cursor.id }
}

export const formatPlace = ({ month, id }: CommentKey): string => writeCursor({ at: month, id })
