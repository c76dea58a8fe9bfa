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

/** A case's file without its snapshot: everything that police read. */
export interface FileRecord extends OpenTexts {
  readonly particulars: Particulars
  readonly locale: string
  readonly imeis: readonly {
    readonly imei: string
    readonly key14: string
    /** Two people have agreed on it, so carriers are or were told. */
    readonly isPublic: boolean
  }[]
  readonly incidentAt: Instant
  readonly tacManufacturer: string | null
  readonly tacModel: string | null
  readonly tacMismatch: boolean
  readonly assigneeName: string | null
  /** When the files were deleted at the end of their retention time; null if none were deleted. */
  readonly filesDeletedAt: Instant | null
  /** Newest first. */
  readonly events: readonly FileEvent[]
}

export interface RelatedCase {
  readonly id: string
  readonly number: string
  readonly unitId: string
  readonly state: CaseState
  readonly watchUntil: Instant | null
  readonly held: CaseHold | null
  readonly proven: boolean
  readonly submittedAt: Instant
  readonly active: boolean
}

/** A related case as its reader sees it: without a link if it is outside their scope. */
export type Related = RelatedCase & { readonly reachable: boolean }
