import type { Actor } from '#lib/access/actor.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { NOTHING_SEEN } from '../proof/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { needsWork } from '../record/state-rules.ts'
import { NO_RENEWAL } from './hold-rules.ts'
import { refuse } from './refusals-rules.ts'
import { type Move, ruleOf, targetOf } from './rules.ts'
import { NO_IMEI_ASKED, NO_WORD } from './shared-rules.ts'
import type { Attempt } from './spec-rules.ts'
import type { Calendar, CaseRefusal, MoveFacts, MoveRequest, Transition } from './transition-rules.ts'

const attemptOf = (facts: MoveFacts, by: Actor, now: Instant): Attempt => ({
  ...facts,
  by,
  staffId: by.kind === 'staff' ? by.id : null,
  now,
})

/**
 * Decides one move on one case: the whole of docs/rules.md, "The case", in one pure function.
 * The result says what changes; nothing is changed here.
 */
export function decide(
  c: CaseSnapshot,
  { move, ...facts }: MoveRequest,
  by: Actor,
  calendar: Calendar,
): Result<Transition, CaseRefusal> {
  const rule = ruleOf(move)
  const attempt = attemptOf({ ...facts, proof: facts.proof ?? NOTHING_SEEN }, by, calendar.now)
  const refusal = refuse(c, rule, attempt)
  if (refusal) return err(refusal)
  const to = targetOf(rule, c, facts)
  const effect = rule.effect(c, { ...attempt, ...calendar })
  if (c.imeiUnknown && (effect.listed === true || effect.orders?.action === 'block'))
    return err('imei_unknown')
  const set = {
    ...(to === c.state ? {} : { state: to, stateSince: calendar.now }),
    // When the block ends, what speaks against it ends too, and what waits to be added to it.
    ...(effect.listed === false && {
      objectedAt: null,
      objectionAnsweredAt: null,
      ...NO_WORD,
      ...NO_IMEI_ASKED,
    }),
    // With a temporary block ends what waits to renew it.
    ...(effect.set.holdUntil === null &&
      c.renewalAskedById !== null &&
      c.renewalConfirmedById === null &&
      NO_RENEWAL),
    // The question that nobody could decide is no longer the one that stands.
    ...(c.noDeciderAt !== null && (to !== c.state || effect.set.held !== undefined) && { noDeciderAt: null }),
    ...effect.set,
  }
  return ok({
    move,
    from: c.state,
    to,
    version: c.version,
    set: { ...set, needsWork: needsWork(to, { ...c, ...set }) },
    // There is no phone to claim before its IMEI is known.
    claim: c.imeiUnknown && rule.setsImei !== true ? 'keep' : (effect.claim ?? 'keep'),
    listed: effect.listed,
    orders: effect.orders ?? null,
    reasonCode: facts.reasonCode ?? null,
    textIsPublic: rule.textIsPublic === true,
    visible: rule.quiet !== true,
  })
}

/** The facts that a page looks up before it offers moves. */
export type KnownFacts = Pick<
  MoveRequest,
  | 'unblockAsked'
  | 'judgedOther'
  | 'decidedBefore'
  | 'foundBlockRight'
  | 'imeisNamed'
  | 'imeisWaiting'
  | 'imeiStays'
  | 'rivalProven'
  | 'blockedElsewhere'
  | 'heard'
  | 'refusedUnblock'
  | 'reportedAnew'
  | 'wroteDown'
  | 'sentBack'
>

/** Lists the moves that `by` could make now, reasons and words aside: what a page offers. */
export function movesOpenTo(
  c: CaseSnapshot,
  by: Actor,
  now: Instant,
  moves: readonly Move[],
  facts: KnownFacts = {},
): Move[] {
  const attempt = attemptOf({ assignee: { id: '', unitId: c.unitId }, ...facts }, by, now)
  return moves.filter((move) => {
    const { codes: _codes, text: _text, ...rule } = ruleOf(move)
    return refuse(c, rule, attempt) === null
  })
}
