import { z } from 'zod'
import { type CaseState, stateOf } from '#features/cases/record/state-rules.ts'
import { addMilliseconds, HOUR, type Instant } from '#lib/time.ts'

/** Lists how far a phone is on its way back, as the pages of its case mark it. */
export const RECOVERY_STATES = ['watching', 'seen', 'called', 'handed_in', 'given_back', 'ended'] as const
export type RecoveryState = (typeof RECOVERY_STATES)[number]

/** The states of a case in which the holder of its phone can be asked to hand it in. */
const CALLABLE: readonly CaseState[] = ['watching', 'blocking', 'blocked']
export const isCallable = (state: CaseState): boolean => CALLABLE.includes(state)

/** Returns by when police look at a phone that was seen: within 4 hours, day or night. */
export const lookDue = (seenAt: Instant): Instant => addMilliseconds(seenAt, 4 * HOUR)

/** Holds what decides how far a phone is on its way back. */
export interface RecoveryFacts {
  readonly state: CaseState
  readonly watchUntil: Instant | null
  /** A carrier has seen it. */
  readonly seen: boolean
  /** Its holder was asked to hand it in, and may still. */
  readonly called: boolean
  /** Police keep it for its owner; it was handed over to them. */
  readonly kept: boolean
  readonly returned: boolean
}

/** Returns how far a phone is on its way back; null where nothing has begun. */
export function recoveryStateOf(facts: RecoveryFacts): RecoveryState | null {
  const { state, watchUntil, seen, called, kept, returned } = facts
  if (returned) return 'given_back'
  if (kept) return 'handed_in'
  if (!(watchUntil !== null || seen || called)) return null
  if (!stateOf(state).active || state === 'unblocking') return 'ended'
  return called ? 'called' : seen ? 'seen' : 'watching'
}

/** Holds what a receipt of a phone that was handed in says: no person, and no case. */
const SURRENDER = z.object({
  type: z.literal('an-tam/hand-in/1'),
  /** Empty where no table knows it. */
  device: z.string(),
  /** The last four digits of its IMEI. */
  ending: z.string(),
  /** ISO 8601. */
  at: z.iso.datetime(),
  unit: z.string(),
  /** The code by which its holder was asked to hand it in. */
  code: z.string(),
})
export type Surrender = z.infer<typeof SURRENDER>

/** Reads what a receipt says, whether or not it is signed; null where the statement is of another kind. */
export function readSurrender(receipt: string): Surrender | null {
  try {
    return SURRENDER.parse(JSON.parse(Buffer.from(receipt.split('.')[1] ?? '', 'base64url').toString()))
  } catch {
    return null
  }
}
