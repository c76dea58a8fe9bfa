import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import type { Retention } from './retention.ts'

export type DataRequestKind = 'correct' | 'erase'

/** Returns when a request must have been answered. */
export const answerDue = (kind: DataRequestKind, askedAt: Instant, kept: Retention): Instant =>
  addMilliseconds(askedAt, DAY * (kind === 'correct' ? kept.correctionDays : kept.erasureDays))

/** Returns until when a request may wait once its day is put off. */
export const extendedDue = (dueAt: Instant, kept: Retention): Instant =>
  addMilliseconds(dueAt, DAY * kept.extensionDays)

/** Tells whether a request's day may still be put off: once, and before it has come. */
export const mayExtend = (
  { state, dueAt, firstDueAt }: Pick<DataRequestItem, 'state' | 'dueAt' | 'firstDueAt'>,
  now: Instant,
): boolean => state === 'open' && firstDueAt === null && now < dueAt

export const DATA_DECISIONS = [
  'grant_data_request',
  'refuse_data_request',
  'extend_data_request',
  'decline_erasure',
] as const
export type DataDecision = (typeof DATA_DECISIONS)[number]

/** The proposal of one person that another has to confirm. */
export interface Proposal {
  /**
   * The event with the proposal's words. A confirmation names it, so that the second person confirms only words that
   * they have read.
   */
  readonly seq: number
  readonly byId: string
  readonly at: Instant
}

export type ProposalRefusal = 'own_proposal' | 'proposal_changed'

/**
 * Refuses a confirmation by the person who made the proposal, or of a proposal other than the one that the confirming
 * person has read; null where that person may confirm.
 */
export function refuseConfirmation(
  { seq, byId }: Pick<Proposal, 'seq' | 'byId'>,
  by: { readonly id: string },
  read: number | undefined,
): ProposalRefusal | null {
  if (byId === by.id) return 'own_proposal'
  return seq === read ? null : 'proposal_changed'
}

/** The request that was made, as its citizen and police read it. */
export interface DataRequestItem {
  readonly id: string
  readonly kind: DataRequestKind
  readonly state: 'open' | 'granted' | 'refused'
  /** The field that is to be corrected; null where it is said in words alone. */
  readonly field: string | null
  readonly eventSeq: number
  readonly askedAt: Instant
  readonly dueAt: Instant
  /** The day on which it was due before it was put off; null where it was not. */
  readonly firstDueAt: Instant | null
  readonly decidedAt: Instant | null
}
