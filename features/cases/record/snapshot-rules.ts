import { isReviewed } from '#features/disputes/sides/rules.ts'
import type { BlockReason, UnblockReason } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'
import { firstActionDue } from '../clocks/rules.ts'
import type { CaseHold, CaseState } from './state-rules.ts'

/** The answer about an IMEI in several phones: lift its block or keep it. */
export type SharedAnswer = 'lift' | 'keep'

/** All that a decision may depend on, without personal data. */
export interface CaseSnapshot {
  readonly id: string
  readonly number: string
  readonly state: CaseState
  readonly held: CaseHold | null
  readonly version: number
  /** The area of the incident; it never changes. */
  readonly areaId: string
  readonly unitId: string
  readonly incidentType: BlockReason
  readonly filedById: string | null
  readonly assigneeId: string | null
  readonly verifiedById: string | null
  readonly rejectedById: string | null
  readonly unblockVerifiedById: string | null
  /** The person who found numbers on a paper that came after the block; a second person has to agree. */
  readonly imeisVerifiedById: string | null
  /** Since when a paper for numbers that are not blocked waits for police. */
  readonly imeiPaperAt: Instant | null
  readonly unblockReason: UnblockReason | null
  /** The result of a claim filed against another, from before a phone could have several claims; no move reads it. */
  readonly counterclaim: 'pending' | 'accepted' | 'refused' | 'upheld' | 'overruled' | null
  readonly counterclaimById: string | null
  /** The people who asked for and confirmed the temporary block; kept after its end, because a case has only one. */
  readonly holdAskedById: string | null
  readonly holdConfirmedById: string | null
  /** The deadline for a second person to confirm the requested temporary block. */
  readonly holdDueAt: Instant | null
  /** When the temporary block in force ends; null if there is none. */
  readonly holdUntil: Instant | null
  /** Since when carriers have been told of the temporary block; kept after its end, null if none was confirmed. */
  readonly holdSince: Instant | null
  /** Its one renewal: who asked for it, the deadline for a second person, and who confirmed it. */
  readonly renewalAskedById: string | null
  readonly renewalDueAt: Instant | null
  readonly renewalConfirmedById: string | null
  /** The case whose block passed to this one, when that case was overruled or left a conflict. */
  readonly blockFromId: string | null
  /** When its block was lifted because the IMEI is in several phones; this happens once. */
  readonly sharedAt: Instant | null
  /** The deadline for city police to answer one carrier's report that an IMEI is in several phones; null if none waits. */
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
  /** Since when its person wants carriers to watch the phone before it is blocked; null: it is blocked at once. */
  readonly watchAskedAt: Instant | null
  /** Until when carriers watch the phone, approved by two people; null if they do not. */
  readonly watchUntil: Instant | null
  readonly closedAt: Instant | null
  /** Since when the holder of the phone has objected to its block, and when the reporter last answered. */
  readonly objectedAt: Instant | null
  readonly objectionAnsweredAt: Instant | null
  /** In a conflict: the deadline of this side's answer, and when it last answered (features/disputes). */
  readonly hearingUntil: Instant | null
  readonly answeredAt: Instant | null
  /** When two people lifted its block because a holder's objection was right, and when the reporter asked for a review. */
  readonly overturnedAt: Instant | null
  readonly reviewAskedAt: Instant | null
  /** Since when nobody may decide it: everybody who could has had a part that excludes them. */
  readonly noDeciderAt: Instant | null
  /** When a letter told the person of the rejection; null if a message told them, or nothing has yet. */
  readonly heardAt: Instant | null
  /** The event of the first decision that no message could tell of, until its letter is served. */
  readonly unheardSeq: number | null
  /** When the key was destroyed. Only a skeleton is left, on which no move is possible. */
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

/** Returns a case as it is just after it was sent, with the only claim on its phone. */
export const newSnapshot = (
  sent: Pick<CaseSnapshot, 'id' | 'number' | 'areaId' | 'unitId' | 'incidentType' | 'submittedAt'>,
): CaseSnapshot => ({
  ...NOTHING_YET,
  ...sent,
  ...{ state: 'submitted', version: 1, primaryClaim: true, imeiUnknown: false },
  ...{ stateSince: sent.submittedAt, dueAt: firstActionDue(sent.submittedAt) },
})

/** Returns the hold that the page shows; a carrier's report that waits for city police counts as one. */
export const heldFor = (c: Pick<CaseSnapshot, 'held' | 'sharedDueAt'>): CaseHold | null =>
  c.held ?? (c.sharedDueAt === null ? null : 'shared_imei')

/**
 * Checks whether police weigh the holder's side too: an unblock is being decided while the phone's holder objects to the block,
 * or a block that was lifted for the holder is being reviewed.
 */
export const weighsObjections = (c: CaseSnapshot): boolean =>
  (c.state === 'unblock_review' && c.objectedAt !== null) || isReviewed(c)
