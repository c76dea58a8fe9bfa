import { readCursor, writeCursor } from '#lib/cursor.ts'
import type { Instant } from '#lib/time.ts'

interface Key {
  readonly dueAt: Instant
  readonly id: string
}

/** Returns a place in the list for an address. */
export const writeKey = ({ dueAt, id }: Key): string => writeCursor({ at: dueAt, id })

/** Reads a place in the list from an address; null, which is the top of the list, for any other text. */
export function readKey(sent: string | string[] | undefined): Key | null {
  const cursor = readCursor(sent)
  return cursor && { dueAt: cursor.at, id: cursor.id }
}
