import { numberSeries } from '#features/cases/numbers/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { readSearch } from '#features/cases/queue/search-rules.ts'
import { type Actor, unitsServed } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import {
  type ObjectionCalendar,
  type ObjectionChanges,
  type ObjectionFacts,
  type ObjectionMove,
  type ObjectionRefusal,
  type ObjectionRule,
  objectionRule,
} from './moves-rules.ts'

/** A draft belongs to its browser only; the last five states are closed. */
const OBJECTION_STATES = [
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

/** Police or the holder still have to act. */
export const WAITING: readonly ObjectionState[] = ['open', 'info_requested']

/** Everything that a decision may depend on; nothing personal. */
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
  /** True if police saw at the post that the phone has the blocked number. */
  readonly inspectionHeld: boolean | null
  readonly refusedById: string | null
  readonly refusedAt: Instant | null
  readonly renewedAt: Instant | null
  /** While the lifted block is reviewed: until when police wait for the holder, and when the holder last answered. */
  readonly hearingUntil: Instant | null
  readonly answeredAt: Instant | null
  readonly sentAt: Instant | null
  readonly dueAt: Instant
  /** When the holder was last reminded of their current or last question. */
  readonly remindedAt: Instant | null
  readonly closedAt: Instant | null
}

/** `KN-XXXX-XXXX-C`, for khiếu nại: as readable as a case's number, and never mistaken for one. */
export type ObjectionNumber = string & { readonly __brand: 'ObjectionNumber' }

export const objectionNumbers = numberSeries<ObjectionNumber>('KN')

export type ObjectionSearch =
  | { readonly number: ObjectionNumber }
  /** The case that blocks the phone. */
  | { readonly caseNumber: string }
  /** First 14 digits of an IMEI. */
  | { readonly imeiKey: string }
  | { readonly contact: Contact }

/** Parses a search: the number of the objection or the case, an IMEI in any format, or a holder's contact; null otherwise. */
export function readObjectionSearch(text: string, now: Instant): ObjectionSearch | null {
  const number = objectionNumbers.parse(text)
  if (number.ok) return { number: number.value }
  const { number: caseNumber, imeiKey, values } = readSearch(text, now)
  if (caseNumber !== null) return { caseNumber }
  if (imeiKey !== null) return { imeiKey }
  const contact = values.find(({ kind }) => kind === 'phone' || kind === 'email')
  return contact ? { contact: contact as Contact } : null
}

export interface ObjectionRequest extends ObjectionFacts {
  readonly move: ObjectionMove
}

export interface ObjectionTransition {
  readonly move: ObjectionMove
  readonly to: ObjectionState
  readonly version: number
  readonly set: ObjectionChanges
  readonly reasonCode: string | null
  readonly textIsPublic: boolean
}

/** Decides one move on one objection, without side effects. */
export function decideObjection(
  o: ObjectionSnapshot,
  request: ObjectionRequest,
  by: Actor,
  calendar: ObjectionCalendar,
): Result<ObjectionTransition, ObjectionRefusal> {
  const { move, reasonCode = null } = request
  const rule = objectionRule(move)
  const refusal = refuse(o, request, rule, by, calendar.now)
  if (refusal) return err(refusal)
  const to = rule.to ?? o.state
  const waiting = WAITING.includes(to)
  const set = {
    ...(to !== o.state && { state: to, waiting, closedAt: waiting ? null : calendar.now }),
    ...rule.effect?.({ ...request, ...calendar, staffId: staffIdOf(by) }),
  }
  return ok({ move, to, version: o.version, set, reasonCode, textIsPublic: rule.textIsPublic === true })
}

const staffIdOf = (by: Actor): string | null => (by.kind === 'staff' ? by.id : null)

function refuse(
  o: ObjectionSnapshot,
  request: ObjectionFacts,
  rule: ObjectionRule,
  by: Actor,
  now: Instant,
): ObjectionRefusal | null {
  if (!mayMove(o, rule, by)) return 'forbidden'
  if (!rule.from.includes(o.state)) return 'wrong_state'
  const particular = rule.refuse?.(o, { ...request, staffId: staffIdOf(by), now })
  if (particular) return particular
  if (rule.codes && !rule.codes.includes(request.reasonCode ?? '')) return 'reason_code_missing'
  return rule.text && !request.text?.trim() ? 'text_missing' : null
}

/**
 * Returns whether the actor may make the move. Among police: the unit that blocks the phone, and city police. Any unit may
 * inspect. All other moves of a renewed look are for city police only.
 */
function mayMove(o: ObjectionSnapshot, { who }: ObjectionRule, by: Actor): boolean {
  if (who === 'holder') return by.kind === 'citizen'
  if (who === 'system') return by.kind === 'system'
  if (by.kind !== 'staff' || !may(by.role, 'case:decide')) return false
  if (who === 'any_police' || may(by.role, 'case:resolve_conflict')) return true
  // Staff lent to the case that blocks the phone act for city police.
  if (o.againstId !== null && by.lent?.includes(o.againstId)) return true
  return o.renewedAt === null && o.unitId !== null && unitsServed(by).includes(o.unitId)
}

/** Returns the moves that `by` could make now, apart from reasons and texts. */
export const objectionMovesOpen = <M extends ObjectionMove>(
  o: ObjectionSnapshot,
  request: ObjectionFacts,
  by: Actor,
  now: Instant,
  moves: readonly M[],
): M[] =>
  moves.filter((move) => {
    const { codes: _codes, text: _text, ...rule } = objectionRule(move)
    return refuse(o, request, rule, by, now) === null
  })
