import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'

const receiverId = z.string()

/** A further API key or signing secret of a receiver. The asker takes it once it is confirmed. */
export const receiverSecret = z.object({ receiverId })
/** A push address; empty if the receiver reads its alerts. `version` is the one that the asker saw. */
export const receiverAddress = z.object({ receiverId, url: z.string(), version: z.int() })

export const keepsReceivers = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'carrier:manage')

/** Names what a request changes: only one request for it is open at a time. */
export const receiverSubject = (kind: `receiver.${string}`, id: string): string => `${kind}:${id}`

export interface ReceiverStanding {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** It can be chosen: it has a live key, or an address with a live signing secret. */
  readonly isReached: boolean
  readonly pushes: boolean
  readonly state: 'live' | 'gone' | 'given_up'
  readonly consents: number
  readonly sent: number
  readonly answered: number
  readonly notSubscriber: number
  /** From the alert to its answer, over the last 90 days. */
  readonly medianSeconds: number | null
}
