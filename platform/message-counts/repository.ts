import '#server-only'
import type { MessageWay } from '#generated/prisma/client.ts'

export type { MessageWay }

/** Names the outcome of a message that was offered to a way. `tried`: it failed, and is tried again. */
export type MessageOutcome = 'accepted' | 'tried' | 'refused' | 'given_up' | 'delivered' | 'undelivered'

export interface MessageCount {
  /** A local date. */
  readonly day: string
  readonly way: MessageWay
  readonly outcome: MessageOutcome
  readonly code: string
  readonly count: number
  readonly segments: number
}
