import { type Holidays, infoExpiry, isReminderDue, workingDaysAfter } from '#features/cases/rules/clocks.ts'
import { hearingEnd } from '#features/disputes/rules.ts'
import { type Actor, unitsServed } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, type Instant } from '#lib/time.ts'
import { type ObjectionMove, type ObjectionRule, objectionRule } from './moves.ts'
import { type ObjectionSnapshot, type ObjectionState, WAITING } from './state.ts'

export interface ObjectionRequest {
  readonly move: ObjectionMove
  readonly reasonCode?: string | undefined
  readonly text?: string | undefined
  /** For `uphold` and `refuse`: true when this person verified or approved the block. */
  readonly foundBlockRight?: boolean
  /** For `block_again`: the first of the two people who found the phone to be the reporter's. */
  readonly refusedById?: string | null
  /** For `uphold`: true when a photo of the phone's screen came with it. */
  readonly shown?: boolean
}

/** The reasons why a move was refused; each has its own words for the person who tried it. */
export type ObjectionRefusal =
  | 'forbidden'
  | 'wrong_state'
  | 'own_block'
  | 'own_refusal'
  | 'not_shown_yet'
  | 'renewed_already'
  | 'renewed_late'
  | 'reason_code_missing'
  | 'text_missing'
  | 'stale'

export type ObjectionChanges = Partial<
  Pick<
    ObjectionSnapshot,
    | 'inspectedAt'
    | 'inspectionHeld'
    | 'refusedById'
    | 'refusedAt'
    | 'renewedAt'
    | 'hearingUntil'
    | 'answeredAt'
    | 'dueAt'
    | 'remindedAt'
    | 'closedAt'
    | 'state'
  > & { readonly inspectedById: string | null; readonly waiting: boolean }
>

export interface ObjectionTransition {
  readonly move: ObjectionMove
  readonly to: ObjectionState
  /** The version it acted on. */
  readonly version: number
  readonly set: ObjectionChanges
  readonly reasonCode: string | null
  readonly textIsPublic: boolean
}

export interface ObjectionCalendar {
  readonly now: Instant
  readonly holidays: Holidays
  /** Working days that police have to decide. */
  readonly days: number
  /** Working days that a side has to answer before police decide. */
  readonly hearingDays: number
}

/** Returns until when a refusal can be looked at again by city police: once, within 30 days. */
export const renewUntil = (refusedAt: Instant): Instant => addMilliseconds(refusedAt, 30 * DAY)

/**
 * Returns by when police decide, in working days counted from its sending, its renewal or the holder's answer.
 */
export const objectionDue = ({ now, days, holidays }: ObjectionCalendar): Instant =>
  workingDaysAfter(now, days, holidays)

/** Decides one move on one objection; nothing is changed here. */
export function decideObjection(
  o: ObjectionSnapshot,
  request: ObjectionRequest,
  by: Actor,
  calendar: ObjectionCalendar,
): Result<ObjectionTransition, ObjectionRefusal> {
  const rule = objectionRule(request.move)
  const refusal = refuse(o, request, rule, by, calendar.now)
  if (refusal) return err(refusal)
  const to = rule.to ?? o.state
  const waiting = WAITING.includes(to)
  return ok({
    move: request.move,
    to,
    version: o.version,
    set: {
      ...(to !== o.state && { state: to, waiting, closedAt: waiting ? null : calendar.now }),
      ...effectOf(request, by, calendar),
    },
    reasonCode: request.reasonCode ?? null,
    textIsPublic: rule.textIsPublic === true,
  })
}

function effectOf(request: ObjectionRequest, by: Actor, calendar: ObjectionCalendar): ObjectionChanges {
  const { now } = calendar
  const staffId = by.kind === 'staff' ? by.id : null
  switch (request.move) {
    case 'request_info':
      return { dueAt: infoExpiry(now), remindedAt: null }
    case 'remind_reply':
      return { remindedAt: now }
    case 'reply':
      return { dueAt: objectionDue(calendar) }
    case 'renew':
      return { renewedAt: now, dueAt: objectionDue(calendar) }
    case 'inspect':
      return { inspectedById: staffId, inspectedAt: now, inspectionHeld: request.reasonCode === 'same' }
    case 'refuse':
      return { refusedById: staffId, refusedAt: now }
    case 'review':
      return { ...hearingOf(calendar), closedAt: null }
    case 'ask':
      return hearingOf(calendar)
    case 'answer':
      return { answeredAt: now }
    case 'keep':
      return { hearingUntil: null, closedAt: now }
    case 'block_again':
      return { hearingUntil: null, refusedById: request.refusedById ?? null, refusedAt: now }
    default:
      return {}
  }
}

/** Begins the holder's time to speak in a review; where the city gives no time, it is over at once. */
const hearingOf = ({ now, hearingDays, holidays }: ObjectionCalendar) => ({
  hearingUntil: hearingEnd(now, hearingDays, holidays) ?? now,
  answeredAt: null,
})

function refuse(
  o: ObjectionSnapshot,
  request: ObjectionRequest,
  rule: ObjectionRule,
  by: Actor,
  now: Instant,
): ObjectionRefusal | null {
  if (!mayMove(o, rule, by)) return 'forbidden'
  if (!rule.from.includes(o.state)) return 'wrong_state'
  const particular = refuseThisMove(o, request, by, now)
  if (particular) return particular
  if (rule.codes && !rule.codes.includes(request.reasonCode ?? '')) return 'reason_code_missing'
  if (rule.text && !request.text?.trim()) return 'text_missing'
  return null
}

/**
 * Tells whether this person may make the move. Among police it is the unit that blocks the phone, or city police; an
 * inspection is open to every unit. All other moves in a renewed look belong to city police alone.
 */
function mayMove(o: ObjectionSnapshot, { who }: ObjectionRule, by: Actor): boolean {
  if (who === 'holder') return by.kind === 'citizen'
  if (who === 'system') return by.kind === 'system'
  if (by.kind !== 'staff' || !may(by.role, 'case:decide')) return false
  if (who === 'any_police' || may(by.role, 'case:resolve_conflict')) return true
  // Lent to the case that blocks the phone, they stand in for city police.
  if (o.againstId !== null && by.lent?.includes(o.againstId)) return true
  return o.renewedAt === null && o.unitId !== null && unitsServed(by).includes(o.unitId)
}

/**
 * Returns why this move is refused, or null: a person who found the block right does not decide on it again, and a
 * renewed look is another person's.
 */
function refuseThisMove(
  o: ObjectionSnapshot,
  { move, foundBlockRight, shown }: ObjectionRequest,
  by: Actor,
  now: Instant,
): ObjectionRefusal | null {
  switch (move) {
    case 'uphold':
    case 'refuse':
      if (by.kind !== 'staff') return null
      if (foundBlockRight) return 'own_block'
      if (o.refusedById === by.id) return 'own_refusal'
      return move === 'uphold' && o.inspectionHeld !== true && shown === false ? 'not_shown_yet' : null
    case 'review':
      return o.hearingUntil === null ? null : 'wrong_state'
    case 'remind_reply':
      return isReminderDue(o, now) ? null : 'wrong_state'
    case 'answer':
    case 'ask':
    case 'keep':
    case 'block_again':
      return o.hearingUntil === null ? 'wrong_state' : null
    case 'renew':
      if (o.renewedAt !== null) return 'renewed_already'
      return o.refusedAt !== null && now > renewUntil(o.refusedAt) ? 'renewed_late' : null
    default:
      return null
  }
}

/** Returns the moves that `by` could make now, reasons and words aside: what a page offers. */
export function objectionMovesOpen<M extends ObjectionMove>(
  o: ObjectionSnapshot,
  request: Omit<ObjectionRequest, 'move'>,
  by: Actor,
  now: Instant,
  moves: readonly M[],
): M[] {
  return moves.filter((move) => {
    const { codes: _codes, text: _text, ...rule } = objectionRule(move)
    return refuse(o, { ...request, move }, rule, by, now) === null
  })
}
