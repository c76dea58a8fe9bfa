import '#server-only'
import type { MessageWay } from '#generated/prisma/client.ts'

export type { MessageWay }

/** The outcome of a message on one channel. `tried`: it failed and will be tried again. */
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
