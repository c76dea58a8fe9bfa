import { z } from 'zod'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { DAY } from '#lib/time.ts'

/** A legal hold, or its end. `basis` is a reference without personal data; the reason is in the case's event `seq`. */
export const legalHold = z.object({ caseId: z.uuid(), basis: z.string(), seq: z.int() })

export const holdsData = (by: Pick<StaffActor, 'role'>): boolean => may(by.role, 'case:hold_data')

export const legalHoldSubject = (caseId: string): string => `legal_hold:${caseId}`

export const LEGAL_HOLD_DECISIONS = ['place_legal_hold', 'lift_legal_hold'] as const
export type LegalHoldDecision = (typeof LEGAL_HOLD_DECISIONS)[number]

/** Milliseconds during which an unconfirmed request for a legal hold stops erasure by the worker. */
export const LEGAL_HOLD_REQUEST_KEEPS = 7 * DAY
