import { readCursor, writeCursor } from '#lib/cursor.ts'
import type { Instant } from '#lib/time.ts'

interface Key {
  readonly dueAt: Instant
  readonly id: string
}

export const writeKey = ({ dueAt, id }: Key): string => writeCursor({ at: dueAt, id })

export function readKey(sent: string | string[] | undefined): Key | null {
  const cursor = readCursor(sent)
  return cursor && { dueAt: cursor.at, id: cursor.id }
}
