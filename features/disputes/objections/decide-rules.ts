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
import { type ObjectionSnapshot, type ObjectionState, WAITING } from './rules.ts'

export interface ObjectionRequest extends ObjectionFacts {
  readonly move: ObjectionMove
}

export interface ObjectionTransition {
  readonly move: ObjectionMove
  readonly to: ObjectionState
  /** The version it acted on. */
  readonly version: number
  readonly set: ObjectionChanges
  readonly reasonCode: string | null
  readonly textIsPublic: boolean
}

/** Decides one move on one objection; nothing is changed here. */
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

/** Returns the moves that `by` could make now, reasons and words aside: what a page offers. */
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
