import { isReviewed } from '#features/disputes/sides/rules.ts'
import type { BlockReason, UnblockReason } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'
import { firstActionDue } from '../clocks/rules.ts'
import type { CaseHold, CaseState } from './state-rules.ts'

/** To lift the block for an IMEI in several phones, or to keep it. */
export type SharedAnswer = 'lift' | 'keep'

/** Holds what became of a claim that was filed against another before any number of claims could stand; no move reads it. */
type CounterclaimStatus = 'pending' | 'accepted' | 'refused' | 'upheld' | 'overruled'

/** All that a decision may depend on, and nothing personal. */
export interface CaseSnapshot {
  readonly id: string
  readonly number: string
  readonly state: CaseState
  readonly held: CaseHold | null
  readonly version: number
  /** Names the area in which it happened; it never changes. */
  readonly areaId: string
  readonly unitId: string
  readonly incidentType: BlockReason
  readonly filedById: string | null
  readonly assigneeId: string | null
  readonly verifiedById: string | null
  readonly rejectedById: string | null
  readonly unblockVerifiedById: string | null
  /** The person who found numbers on a paper that came after the block; a second one has to agree. */
  readonly imeisVerifiedById: string | null
  /** Since when a paper for numbers that are not blocked waits for the police. */
  readonly imeiPaperAt: Instant | null
  readonly unblockReason: UnblockReason | null
  readonly counterclaim: CounterclaimStatus | null
  readonly counterclaimById: string | null
  /**
   * The person who asked for the temporary block and the one who confirmed it, also after its end: there is one a case.
   */
  readonly holdAskedById: string | null
  readonly holdConfirmedById: string | null
  /** When a second person should have confirmed the temporary block that was asked for. */
  readonly holdDueAt: Instant | null
  /** When the temporary block that is in force ends; null when there is none. */
  readonly holdUntil: Instant | null
  /** Since when carriers were told of it, also after its end; null where none was confirmed. */
  readonly holdSince: Instant | null
  /** The one renewal of it: who asked for it, by when a second person should have confirmed it, and who did. */
  readonly renewalAskedById: string | null
  readonly renewalDueAt: Instant | null
  readonly renewalConfirmedById: string | null
  /** The overruled case whose block passed to this one, so that its end needs no other two people. */
  readonly blockFromId: string | null
  /** When its block was lifted for an IMEI in several phones; that happens once. */
  readonly sharedAt: Instant | null
  /** When city police must have answered one carrier's word that an IMEI is in several phones; null: none waits. */
  readonly sharedDueAt: Instant | null
  readonly sharedProposal: SharedAnswer | null
  readonly sharedProposedById: string | null
  readonly primaryClaim: boolean
  /** True while the case has no IMEI: it claims no phone, and nothing can be blocked for it. */
  readonly imeiUnknown: boolean
  readonly submittedAt: Instant
  readonly stateSince: Instant
  readonly dueAt: Instant
  readonly remindedAt: Instant | null
  readonly firstActionAt: Instant | null
  readonly decidedAt: Instant | null
  readonly approvedAt: Instant | null
  readonly blockedAt: Instant | null
  readonly rejectedAt: Instant | null
  readonly appealedAt: Instant | null
  readonly withdrawEffectiveAt: Instant | null
  /** Since when its person wishes that carriers watch the phone before it is blocked; null: it is blocked at once. */
  readonly watchAskedAt: Instant | null
  /** Until when carriers watch it, approved by two people; null where they do not. */
  readonly watchUntil: Instant | null
  readonly closedAt: Instant | null
  /** Since when the holder of the phone has objected to its block, and when the reporter last answered. */
  readonly objectedAt: Instant | null
  readonly objectionAnsweredAt: Instant | null
  /** In a conflict: until when police wait for its answer, and when it last answered (features/disputes). */
  readonly hearingUntil: Instant | null
  readonly answeredAt: Instant | null
  /** When two people lifted its block because a holder's objection was right, and when the reporter asked for a review. */
  readonly overturnedAt: Instant | null
  readonly reviewAskedAt: Instant | null
  /** Since when nobody may decide it: all who might have had a part that keeps them from it. */
  readonly noDeciderAt: Instant | null
  /** When the person of a rejected case was told of it by a letter; null where a message told them, or nothing yet. */
  readonly heardAt: Instant | null
  /** The event of the first decision that no message could tell of, until its letter is served. */
  readonly unheardSeq: number | null
  /** When the key was destroyed. A skeleton is left, on which no move is possible. */
  readonly erasedAt: Instant | null
}

const NOTHING_YET = {
  ...{ held: null, filedById: null, assigneeId: null, verifiedById: null, rejectedById: null },
  ...{ unblockVerifiedById: null, imeisVerifiedById: null, imeiPaperAt: null, unblockReason: null },
  ...{ counterclaim: null, counterclaimById: null, holdAskedById: null, holdConfirmedById: null },
  ...{ holdDueAt: null, holdUntil: null, holdSince: null, renewalAskedById: null, renewalDueAt: null },
  ...{ renewalConfirmedById: null, blockFromId: null, sharedAt: null, sharedDueAt: null },
  ...{ sharedProposal: null, sharedProposedById: null, remindedAt: null, firstActionAt: null },
  ...{ decidedAt: null, approvedAt: null, blockedAt: null, rejectedAt: null, appealedAt: null },
  ...{ withdrawEffectiveAt: null, watchAskedAt: null, watchUntil: null, closedAt: null },
  ...{ objectedAt: null, objectionAnsweredAt: null },
  ...{ hearingUntil: null, answeredAt: null, overturnedAt: null, reviewAskedAt: null },
  ...{ noDeciderAt: null, heardAt: null, unheardSeq: null, erasedAt: null },
} as const satisfies Partial<CaseSnapshot>

/** Returns a case with the one claim on its phone, as it is the moment after it was sent. */
export const newSnapshot = (
  sent: Pick<CaseSnapshot, 'id' | 'number' | 'areaId' | 'unitId' | 'incidentType' | 'submittedAt'>,
): CaseSnapshot => ({
  ...NOTHING_YET,
  ...sent,
  ...{ state: 'submitted', version: 1, primaryClaim: true, imeiUnknown: false },
  ...{ stateSince: sent.submittedAt, dueAt: firstActionDue(sent.submittedAt) },
})

/** Returns what the page says that a case is held for: a carrier's word that waits for city police holds it as well. */
export const heldFor = (c: Pick<CaseSnapshot, 'held' | 'sharedDueAt'>): CaseHold | null =>
  c.held ?? (c.sharedDueAt === null ? null : 'shared_imei')

/**
 * Tells whether police weigh the holder's side too: an unblock is being decided while the holder of the phone objects to
 * its block, or a block that was lifted for the holder is being reviewed.
 */
export const weighsObjections = (c: CaseSnapshot): boolean =>
  (c.state === 'unblock_review' && c.objectedAt !== null) || isReviewed(c)
