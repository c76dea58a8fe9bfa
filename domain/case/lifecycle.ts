import type { Actor } from '../access/actor.ts'
import { err, ok, type Result } from '../result.ts'
import type { Instant } from '../time.ts'
import { effectOf } from './effects.ts'
import { type Move, ruleOf } from './moves.ts'
import { NOTHING_SEEN } from './proof.ts'
import { refuse } from './refusals.ts'
import type { CaseSnapshot } from './snapshot.ts'
import { type CaseState, needsWork } from './state.ts'
import type { Calendar, CaseRefusal, MoveRequest, Transition } from './transition.ts'

/**
 * Decides one move on one case: the whole of docs/rules.md, "The case", in one pure function.
 * The result says what changes; nothing is changed here.
 */
export function decide(
  c: CaseSnapshot,
  request: MoveRequest,
  by: Actor,
  calendar: Calendar,
): Result<Transition, CaseRefusal> {
  const rule = ruleOf(request.move)
  const refusal = refuse(c, { ...request, proof: request.proof ?? NOTHING_SEEN }, rule, by, calendar.now)
  if (refusal) return err(refusal)
  const to = targetOf(c, request)
  const effect = effectOf(c, request, by, calendar)
  const set = {
    ...(to === c.state ? {} : { state: to, stateSince: calendar.now }),
    // With the block ends what was said against it.
    ...(effect.listed === false && { objectedAt: null, objectionAnsweredAt: null }),
    ...effect.set,
  }
  return ok({
    move: request.move,
    from: c.state,
    to,
    version: c.version,
    set: { ...set, needsWork: needsWork(to, { ...c, ...set }) },
    claim: effect.claim ?? 'keep',
    listed: effect.listed,
    orders: effect.orders ?? null,
    reasonCode: request.reasonCode ?? null,
    textIsPublic: rule.textIsPublic === true,
    visible: rule.quiet !== true,
  })
}

function targetOf(c: CaseSnapshot, { move, carriersSettled }: MoveRequest): CaseState {
  if ((move === 'refuse_unblock' || move === 'undo_unblock') && !carriersSettled) return 'blocking'
  // What the citizen was asked stays asked.
  if (move === 'shared' && c.state === 'info_requested') return c.state
  // Only what was approved is to be approved again.
  if (move === 'withheld' && c.state !== 'blocking') return c.state
  return ruleOf(move).to ?? c.state
}

/** The moves that `by` could make now, reasons and words aside: what a page offers. */
export function movesOpenTo(
  c: CaseSnapshot,
  by: Actor,
  now: Instant,
  moves: readonly Move[],
  facts: Pick<MoveRequest, 'unblockAsked' | 'judgedOther' | 'decidedBefore'> = {},
): Move[] {
  return moves.filter((move) => {
    const { codes: _codes, text: _text, ...rule } = ruleOf(move)
    const request = { move, assignee: { id: '', areaId: c.areaId }, ...facts }
    return refuse(c, request, rule, by, now) === null
  })
}
