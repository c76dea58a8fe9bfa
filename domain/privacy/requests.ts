import { DAY, type Instant, plus } from '../time.ts'
import type { Retention } from './retention.ts'

export type DataRequestKind = 'correct' | 'erase'

/** When a request must have been answered. */
export const answerDue = (kind: DataRequestKind, askedAt: Instant, kept: Retention): Instant =>
  plus(askedAt, DAY * (kind === 'correct' ? kept.correctionDays : kept.erasureDays))

/** Until when a request may wait once its day is put off. */
export const extendedDue = (dueAt: Instant, kept: Retention): Instant => plus(dueAt, DAY * kept.extensionDays)

/** Whether a request's day may still be put off: once, and before it has come. */
export const mayExtend = (
  { state, dueAt, firstDueAt }: Pick<DataRequestItem, 'state' | 'dueAt' | 'firstDueAt'>,
  now: Instant,
): boolean => state === 'open' && firstDueAt === null && now < dueAt

export const DATA_DECISIONS = ['grant_data_request', 'refuse_data_request', 'extend_data_request'] as const
export type DataDecision = (typeof DATA_DECISIONS)[number]

/** What was asked, as its citizen and police read it. */
export interface DataRequestItem {
  readonly id: string
  readonly kind: DataRequestKind
  readonly state: 'open' | 'granted' | 'refused'
  readonly eventSeq: number
  readonly askedAt: Instant
  readonly dueAt: Instant
  /** What the day was before it was put off; null where it was not. */
  readonly firstDueAt: Instant | null
  readonly decidedAt: Instant | null
}
