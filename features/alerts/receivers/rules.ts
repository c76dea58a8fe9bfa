import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'

const receiverId = z.string()

/** One more API key or signing secret of a receiver: who asked for it takes it once it is confirmed. */
export const receiverSecret = z.object({ receiverId })
/** Holds the address to which alerts are pushed; empty where the receiver reads them. `version` is the one that the asker saw. */
export const receiverAddress = z.object({ receiverId, url: z.string(), version: z.int() })

/** Receivers of alerts are the relay's to keep. */
export const keepsReceivers = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'carrier:manage')

/** Names what a request changes: one of its kind is open at a time. */
export const receiverSubject = (kind: `receiver.${string}`, id: string): string => `${kind}:${id}`

/** A receiver as the relay's list shows it. */
export interface ReceiverStanding {
  readonly id: string
  readonly name: string
  readonly active: boolean
  /** It can be chosen: it has a live key, or an address and what signs for it. */
  readonly isReached: boolean
  readonly pushes: boolean
  readonly state: 'live' | 'gone' | 'given_up'
  readonly consents: number
  readonly sent: number
  readonly answered: number
  readonly notSubscriber: number
  /** From the alert to its answer, of those of the last 90 days. */
  readonly medianSeconds: number | null
}
