import { DAY, type Instant, plus } from '../time.ts'
import type { Retention } from './retention.ts'

export type DataRequestKind = 'correct' | 'erase'

/** When a request must have been answered. */
export const answerDue = (kind: DataRequestKind, askedAt: Instant, kept: Retention): Instant =>
  plus(askedAt, DAY * (kind === 'correct' ? kept.correctionDays : kept.erasureDays))

export const DATA_DECISIONS = ['grant_data_request', 'refuse_data_request'] as const
export type DataDecision = (typeof DATA_DECISIONS)[number]

/** What was asked, as its citizen and police read it. */
export interface DataRequestItem {
  readonly id: string
  readonly kind: DataRequestKind
  readonly state: 'open' | 'granted' | 'refused'
  readonly eventSeq: number
  readonly askedAt: Instant
  readonly dueAt: Instant
  readonly decidedAt: Instant | null
}
