import type { OpenTexts } from '#features/reporting/fields/columns-rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import type { Move, PastMove } from '../moves/rules.ts'
import type { EventWords, Particulars } from '../particulars/rules.ts'
import type { CaseHold, CaseState } from '../record/state-rules.ts'

export interface FileEvent {
  readonly seq: number
  readonly at: Instant
  readonly move: Move | 'submitted' | 'imported' | PastMove
  readonly from: CaseState | null
  readonly to: CaseState
  readonly actorKind: 'citizen' | 'staff' | 'carrier' | 'receiver' | 'system'
  readonly actorId: string | null
  readonly actorRole: StaffRole | null
  readonly actorUnitId: string | null
  readonly reasonCode: string | null
  readonly words: EventWords
}

/** A case's file beside its snapshot: everything that police read. */
export interface FileRecord extends OpenTexts {
  readonly particulars: Particulars
  readonly locale: string
  readonly imeis: readonly {
    readonly imei: string
    readonly key14: string
    /** Two people have agreed on it: carriers are told, or were. */
    readonly isPublic: boolean
  }[]
  readonly incidentAt: Instant
  readonly tacManufacturer: string | null
  readonly tacModel: string | null
  readonly tacMismatch: boolean
  readonly assigneeName: string | null
  /** When the files that there were were deleted, their time being over; null otherwise. */
  readonly filesDeletedAt: Instant | null
  /** Newest first. */
  readonly events: readonly FileEvent[]
}

export interface RelatedCase {
  readonly id: string
  readonly number: string
  readonly unitId: string
  readonly state: CaseState
  readonly held: CaseHold | null
  readonly proven: boolean
  readonly submittedAt: Instant
  readonly active: boolean
}

/** A related case as its reader sees it: without a link where their scope does not reach. */
export type Related = RelatedCase & { readonly reachable: boolean }
