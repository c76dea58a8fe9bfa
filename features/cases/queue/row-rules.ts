import type { Instant } from '#lib/time.ts'
import type { CaseHold, CaseState } from '../record/state-rules.ts'
import type { QueueKind } from './rules.ts'

/** A line of the queue. */
export interface QueueRow {
  readonly id: string
  readonly number: string
  readonly version: number
  readonly state: CaseState
  readonly held: CaseHold | null
  readonly unitId: string
  readonly brand: string
  readonly model: string
  readonly tacMismatch: boolean
  readonly incidentType: QueueKind
  readonly incidentAt: Instant
  /** First 14 digits of each of its phones. */
  readonly keys: readonly string[]
  readonly imeiUnknown: boolean
  /**
   * The state of the lookup of the phones that its number was in: phones were named and not released, or a carrier is
   * late.
   */
  readonly lookup: 'answered' | 'late' | null
  readonly holdAskedById: string | null
  readonly holdConfirmedById: string | null
  readonly holdDueAt: Instant | null
  readonly renewalAskedById: string | null
  readonly renewalConfirmedById: string | null
  readonly renewalDueAt: Instant | null
  readonly holdUntil: Instant | null
  readonly objectedAt: Instant | null
  readonly earlierId: string | null
  readonly atDesk: boolean
  readonly unblockVerified: boolean
  readonly withdrawEffectiveAt: Instant | null
  readonly submittedAt: Instant
  readonly dueAt: Instant
  readonly actBy: Instant
  readonly needsWork: boolean
  readonly assigneeId: string | null
  readonly assigneeName: string | null
  /** The time that its list is sorted by. */
  readonly at: Instant
  /** Holds the reporter's name and the place, which police read before they open the papers; null once erased. */
  readonly told: { readonly name: string; readonly place: string; readonly dayOnly: boolean } | null
}
