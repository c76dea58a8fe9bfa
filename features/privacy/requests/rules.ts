import { z } from 'zod'
import { type StaffActor, unitsServed } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'

export type DataRequestKind = 'correct' | 'erase'

/** Checks that a request can be extended: once, and only before it is due. */
export const mayExtend = (
  { state, dueAt, firstDueAt }: Pick<DataRequestItem, 'state' | 'dueAt' | 'firstDueAt'>,
  now: Instant,
): boolean => state === 'open' && firstDueAt === null && now < dueAt

export const DATA_DECISIONS = ['grant_data_request', 'refuse_data_request', 'extend_data_request'] as const
export type DataDecision = (typeof DATA_DECISIONS)[number]

/** A proposed erasure: the case's unit, and the answer in the event `seq`. */
export const erasure = z.object({
  caseId: z.uuid(),
  requestId: z.uuid(),
  unitId: z.string(),
  seq: z.int(),
})

export const answersData = (
  by: Pick<StaffActor, 'role' | 'unitId' | 'serves'>,
  { unitId }: { readonly unitId: string },
): boolean =>
  may(by.role, 'case:decide_data') && (by.role === 'city_police' || unitsServed(by).includes(unitId))

export const erasureSubject = (requestId: string): string => `erasure:${requestId}`

export interface DataRequestItem {
  readonly id: string
  readonly kind: DataRequestKind
  readonly state: 'open' | 'granted' | 'refused'
  /** null when the correction is described only in words. */
  readonly field: string | null
  readonly eventSeq: number
  readonly askedAt: Instant
  readonly dueAt: Instant
  /** The due day before an extension; null without one. */
  readonly firstDueAt: Instant | null
  readonly decidedAt: Instant | null
}
