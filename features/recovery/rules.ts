import { z } from 'zod'
import { type CaseState, stateOf } from '#features/cases/record/state-rules.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'

/** How far a phone is on its way back, as the pages of its case mark it. */
export const RECOVERY_STATES = ['watching', 'seen', 'called', 'handed_in', 'given_back', 'ended'] as const
export type RecoveryState = (typeof RECOVERY_STATES)[number]

/** States of a case in which the holder of its phone can be asked to hand it in. */
const CALLABLE: readonly CaseState[] = ['watching', 'blocking', 'blocked']
export const isCallable = (state: CaseState): boolean => CALLABLE.includes(state)

/** Returns the deadline for police to look at a phone that was seen: 4 hours, day or night. */
export const lookDue = (seenAt: Instant): Instant => addMilliseconds(seenAt, 4 * HOUR)

export interface RecoveryFacts {
  readonly state: CaseState
  readonly watchUntil: Instant | null
  /** A carrier has seen it. */
  readonly seen: boolean
  /** Its holder was asked to hand it in, and the notice has not expired. */
  readonly called: boolean
  /** The phone was handed over to police, who keep it for its owner. */
  readonly kept: boolean
  readonly returned: boolean
}

/** Returns how far a phone is on its way back; null if nothing has begun. */
export function recoveryStateOf(facts: RecoveryFacts): RecoveryState | null {
  const { state, watchUntil, seen, called, kept, returned } = facts
  if (returned) return 'given_back'
  if (kept) return 'handed_in'
  if (!(watchUntil !== null || seen || called)) return null
  if (!stateOf(state).active || state === 'unblocking') return 'ended'
  return called ? 'called' : seen ? 'seen' : 'watching'
}

/** The receipt of a phone that was handed in. It names no person and no case. */
const SURRENDER = z.object({
  type: z.literal('an-tam/hand-in/1'),
  /** Empty if no table knows the model. */
  device: z.string(),
  /** Last four digits of the IMEI. */
  ending: z.string(),
  /** ISO 8601. */
  at: z.iso.datetime(),
  unit: z.string(),
  /** The code of the notice that asked the holder to hand it in. */
  code: z.string(),
})
export type Surrender = z.infer<typeof SURRENDER>

/** Parses a receipt without checking its signature; null for another kind of statement. */
export function readSurrender(receipt: string): Surrender | null {
  try {
    return SURRENDER.parse(JSON.parse(Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return null
  }
}
