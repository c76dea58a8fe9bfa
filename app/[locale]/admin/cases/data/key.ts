import { z } from 'zod'
import type { Instant } from '#lib/time.ts'

interface Key {
  readonly dueAt: Instant
  readonly id: string
}

const schema = z.tuple([z.coerce.date(), z.uuid()])

/** Returns a place in the list for an address. */
export const writeKey = ({ dueAt, id }: Key): string => `${dueAt.toISOString()}_${id}`

/** Reads a place in the list from an address; null, which is the top of the list, for any other text. */
export function readKey(text: string | string[] | undefined): Key | null {
  const parsed = schema.safeParse(String(text ?? '').split('_'))
  return parsed.success ? { dueAt: parsed.data[0], id: parsed.data[1] } : null
}
