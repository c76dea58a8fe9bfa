import '#server-only'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { findMessage, type OwnMessage } from './data.ts'
import { readMessage } from './rules.ts'

/** Checks whether a message is ours. Every try counts, also a failed one, so that guessing is slow. */
export async function askOfMessage(
  typed: string,
  address: string,
  now: Instant,
): Promise<
  Result<
    {
      readonly code: string
      readonly hosts: readonly string[]
      /** null: not ours. */
      readonly message: OwnMessage | null
    },
    | { readonly kind: 'empty' | 'format' | 'several' }
    | { readonly kind: 'limit'; readonly retryAfterSeconds: number }
  >
> {
  const read = readMessage(typed)
  if (!read.ok) return err({ kind: read.error })
  const limit = await withinLimit('message_address', address, now)
  if (!limit.allowed) return err({ kind: 'limit', retryAfterSeconds: limit.retryAfterSeconds })
  return ok({ ...read.value, message: await findMessage(read.value.code) })
}
