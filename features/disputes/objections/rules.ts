import { numberSeries } from '#features/cases/numbers/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { readSearch } from '#features/cases/queue/search-rules.ts'
import type { Instant } from '#lib/time.ts'

/** A draft is with its browser alone; the last five are the ends there are. */
export const OBJECTION_STATES = [
  'draft',
  'open',
  'info_requested',
  'granted',
  'lifted',
  'refused',
  'withdrawn',
  'expired',
] as const
export type ObjectionState = (typeof OBJECTION_STATES)[number]
export type SentState = Exclude<ObjectionState, 'draft'>

/** Police or the holder still owe something. */
export const WAITING: readonly ObjectionState[] = ['open', 'info_requested']

/** All that a decision may depend on, and nothing personal. */
export interface ObjectionSnapshot {
  readonly id: string
  readonly number: string
  readonly state: ObjectionState
  readonly version: number
  readonly imei: string
  readonly againstId: string | null
  readonly unitId: string | null
  readonly inspection: boolean
  readonly inspectedAt: Instant | null
  /** True where it was seen at the police post that the phone does have the blocked number. */
  readonly inspectionHeld: boolean | null
  readonly refusedById: string | null
  readonly refusedAt: Instant | null
  readonly renewedAt: Instant | null
  /** While the lifted block is reviewed: until when police wait for the holder, and when the holder last answered. */
  readonly hearingUntil: Instant | null
  readonly answeredAt: Instant | null
  readonly sentAt: Instant | null
  readonly dueAt: Instant
  /** When its holder was last reminded of the question that is open, or was. */
  readonly remindedAt: Instant | null
  readonly closedAt: Instant | null
}

/** `KN-XXXX-XXXX-C`, for khiếu nại: as readable as a case's number, and never taken for one. */
export type ObjectionNumber = string & { readonly __brand: 'ObjectionNumber' }

export const objectionNumbers = numberSeries<ObjectionNumber>('KN')

/** The meaning of a line in the search box: one of these. */
export type ObjectionSearch =
  | { readonly number: ObjectionNumber }
  /** The case that blocks the phone. */
  | { readonly caseNumber: string }
  /** First 14 digits of an IMEI. */
  | { readonly imeiKey: string }
  | { readonly contact: Contact }

/** Reads a search for objections: its number or the case's, an IMEI in any writing, or a holder's contact; or null. */
export function readObjectionSearch(text: string, now: Instant): ObjectionSearch | null {
  const number = objectionNumbers.parse(text)
  if (number.ok) return { number: number.value }
  const { number: caseNumber, imeiKey, values } = readSearch(text, now)
  if (caseNumber !== null) return { caseNumber }
  if (imeiKey !== null) return { imeiKey }
  const contact = values.find(({ kind }) => kind === 'phone' || kind === 'email')
  return contact ? { contact: contact as Contact } : null
}
