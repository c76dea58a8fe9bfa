import type { Actor } from '../access/actor.ts'
import { may } from '../access/roles.ts'
import type { OrderAction, OrderReason, UnblockReason } from '../exchange/order.ts'
import { err, ok, type Result } from '../result.ts'
import type { Instant } from '../time.ts'
import { appealUntil, carrierDue, decisionDue, infoExpiry, withdrawalEffective } from './clocks.ts'
import { type Move, type Rule, ruleOf } from './moves.ts'
import type { CaseSnapshot } from './snapshot.ts'
import { type CaseState, needsWork } from './state.ts'

export interface MoveRequest {
  readonly move: Move
  readonly reasonCode?: string | undefined
  readonly text?: string | undefined
  /** For `reassign`: an active officer or supervisor, already looked up. */
  readonly assignee?: { readonly id: string; readonly areaId: string | null } | undefined
  /** For `refuse_unblock`: every carrier had applied the block. */
  readonly carriersSettled?: boolean | undefined
  /** For `verify` and `appeal`: another case has the primary claim on one of its phones. */
  readonly claimTaken?: boolean | undefined
}

/** Why a move was refused; each has its own words for the person who tried. */
export type CaseRefusal =
  | 'forbidden'
  | 'wrong_state'
  | 'held'
  | 'withdrawal_running'
  | 'no_withdrawal'
  | 'not_yours'
  | 'own_verification'
  | 'own_filing'
  | 'own_rejection'
  | 'own_acceptance'
  | 'reason_code_missing'
  | 'text_missing'
  | 'assignee_invalid'
  | 'appeal_used'
  | 'appeal_late'
  | 'not_verified_yet'
  | 'not_a_counterclaim'
  | 'claim_taken'
  | 'no_conflict'
  | 'stale'

export type CaseChanges = Partial<
  Omit<CaseSnapshot, 'id' | 'number' | 'version' | 'areaId' | 'submittedAt' | 'primaryClaim' | 'incidentType'>
>

/** What a permitted move does, for the one place that writes it. */
export interface Transition {
  readonly move: Move
  readonly from: CaseState
  readonly to: CaseState
  /** The version it acted on. */
  readonly version: number
  readonly set: CaseChanges & { readonly needsWork: boolean }
  readonly claim: 'keep' | 'gain' | 'release'
  /** Whether the phone may now be named to carriers and the public; undefined: as it was. */
  readonly listed: boolean | undefined
  readonly orders: { readonly action: OrderAction; readonly reason: OrderReason } | null
  readonly reasonCode: string | null
  readonly textIsPublic: boolean
  readonly visible: boolean
}

export interface Calendar {
  readonly now: Instant
  /** Local dates `YYYY-MM-DD` on which nobody works. */
  readonly holidays: ReadonlySet<string>
}

/**
 * Decides one move on one case: the whole of product.md's "The case" in one pure function.
 * The result says what changes; nothing is changed here.
 */
export function decide(
  c: CaseSnapshot,
  request: MoveRequest,
  by: Actor,
  calendar: Calendar,
): Result<Transition, CaseRefusal> {
  const rule = ruleOf(request.move)
  const refusal = refuse(c, request, rule, by, calendar.now)
  if (refusal) return err(refusal)
  const to = request.move === 'refuse_unblock' && !request.carriersSettled ? 'blocking' : (rule.to ?? c.state)
  const effect = effectOf(c, request, by, calendar)
  const set = { ...(to === c.state ? {} : { state: to, stateSince: calendar.now }), ...effect.set }
  const held = set.held === undefined ? c.held : set.held
  return ok({
    move: request.move,
    from: c.state,
    to,
    version: c.version,
    set: { ...set, needsWork: needsWork(to, held) },
    claim: effect.claim ?? 'keep',
    listed: effect.listed,
    orders: effect.orders ?? null,
    reasonCode: request.reasonCode ?? null,
    textIsPublic: rule.textIsPublic === true,
    visible: rule.quiet !== true,
  })
}

/** The moves that `by` could make now, reasons and words aside: what a page offers. */
export function movesOpenTo(c: CaseSnapshot, by: Actor, now: Instant, moves: readonly Move[]): Move[] {
  return moves.filter((move) => {
    const { codes: _codes, text: _text, ...rule } = ruleOf(move)
    const request = { move, assignee: { id: '', areaId: c.areaId } }
    return refuse(c, request, rule, by, now) === null
  })
}

function refuse(
  c: CaseSnapshot,
  request: MoveRequest,
  rule: Rule,
  by: Actor,
  now: Instant,
): CaseRefusal | null {
  if (!mayMove(c, rule, by)) return 'forbidden'
  if (!rule.from.includes(c.state)) return 'wrong_state'
  if (c.held !== null && rule.whileHeld !== true) return 'held'
  if (c.withdrawEffectiveAt !== null && rule.whileWithdrawing !== true) return 'withdrawal_running'
  const personal = refuseThisPerson(c, request, rule, by)
  if (personal) return personal
  const particular = refuseThisMove(c, request, now)
  if (particular) return particular
  if (rule.codes && !rule.codes.includes(request.reasonCode ?? '')) return 'reason_code_missing'
  if (rule.text && !request.text?.trim()) return 'text_missing'
  return null
}

function mayMove(c: CaseSnapshot, rule: Rule, by: Actor): boolean {
  if (rule.who === 'citizen' || rule.who === 'system') return by.kind === rule.who
  if (by.kind !== 'staff' || !may(by.role, 'case:decide')) return false
  if (rule.who === 'other_police') return true
  if (by.role !== 'city_police' && by.areaId !== c.areaId) return false
  if (rule.who === 'approver') return may(by.role, 'case:approve')
  if (rule.who === 'city') return may(by.role, 'case:resolve_conflict')
  return true
}

/** The separations of duty: nobody confirms their own work, and an appeal is decided by another person. */
function refuseThisPerson(c: CaseSnapshot, request: MoveRequest, rule: Rule, by: Actor): CaseRefusal | null {
  if (by.kind !== 'staff') return null
  if (rule.who === 'assignee' && c.assigneeId !== by.id && !may(by.role, 'case:approve')) return 'not_yours'
  switch (request.move) {
    case 'verify':
      if (c.filedById === by.id) return 'own_filing'
      return c.rejectedById === by.id ? 'own_rejection' : null
    case 'take':
      return c.rejectedById === by.id ? 'own_rejection' : null
    case 'reject':
    case 'refuse_counterclaim':
      return c.rejectedById === by.id ? 'own_rejection' : null
    case 'approve':
      if (c.filedById === by.id) return 'own_filing'
      return c.verifiedById === by.id ? 'own_verification' : null
    case 'approve_unblock':
      return c.unblockVerifiedById === by.id ? 'own_verification' : null
    case 'accept_counterclaim':
      return c.filedById === by.id ? 'own_filing' : null
    case 'upheld':
      if (c.filedById === by.id) return 'own_filing'
      return c.counterclaimById === by.id ? 'own_acceptance' : null
    case 'overruled':
      return c.counterclaimById === by.id ? 'own_acceptance' : null
    default:
      return null
  }
}

function refuseThisMove(c: CaseSnapshot, request: MoveRequest, now: Instant): CaseRefusal | null {
  const openCounterclaim = c.counterclaim === 'pending' && !c.primaryClaim
  switch (request.move) {
    case 'take':
      return c.state === 'under_review' && c.assigneeId !== null ? 'wrong_state' : null
    case 'reassign':
      return request.assignee?.areaId === c.areaId ? null : 'assignee_invalid'
    case 'undo_withdraw':
    case 'finish_withdrawal':
      if (c.withdrawEffectiveAt === null) return 'no_withdrawal'
      if (request.move === 'undo_withdraw') return c.withdrawEffectiveAt <= now ? 'no_withdrawal' : null
      return c.withdrawEffectiveAt > now ? 'withdrawal_running' : null
    case 'expire':
      return c.dueAt > now ? 'wrong_state' : null
    case 'appeal':
      if (c.appealedAt !== null) return 'appeal_used'
      return c.rejectedAt !== null && now > appealUntil(c.rejectedAt) ? 'appeal_late' : null
    case 'approve_unblock':
      return c.unblockVerifiedById === null ? 'not_verified_yet' : null
    case 'verify_unblock':
      return c.unblockVerifiedById !== null ? 'wrong_state' : null
    case 'verify':
      return !c.primaryClaim && request.claimTaken ? 'claim_taken' : null
    case 'accept_counterclaim':
    case 'refuse_counterclaim':
      return openCounterclaim ? null : 'not_a_counterclaim'
    case 'upheld':
    case 'overruled':
    case 'uncontested':
      return c.held === 'conflict' ? null : 'no_conflict'
    default:
      return null
  }
}

interface Effect {
  readonly set: CaseChanges
  readonly claim?: Transition['claim']
  readonly listed?: boolean
  readonly orders?: Transition['orders']
}

function effectOf(c: CaseSnapshot, request: MoveRequest, by: Actor, { now, holidays }: Calendar): Effect {
  const actorId = by.kind === 'staff' ? by.id : null
  switch (request.move) {
    case 'take':
      return c.firstActionAt === null
        ? { set: { assigneeId: actorId, firstActionAt: now, dueAt: decisionDue(c.submittedAt, holidays) } }
        : { set: { assigneeId: actorId } }
    case 'release':
      return { set: { assigneeId: null } }
    case 'reassign':
      return { set: { assigneeId: request.assignee?.id ?? null } }
    case 'request_info':
      return { set: { dueAt: infoExpiry(now) } }
    case 'reply':
      return { set: { dueAt: decisionDue(now, holidays) } }
    case 'verify':
      return {
        set: { verifiedById: actorId, decidedAt: now },
        ...(!c.primaryClaim && { claim: 'gain' as const }),
      }
    case 'send_back':
      return { set: { verifiedById: null, decidedAt: null } }
    case 'approve':
      return {
        set: { approvedAt: now, dueAt: carrierDue(now) },
        listed: true,
        orders: { action: 'block', reason: c.incidentType },
      }
    case 'carriers_applied':
      return { set: { blockedAt: now } }
    case 'reject':
      return rejection(actorId, now)
    case 'refuse_counterclaim':
      return rejection(actorId, now, { counterclaim: 'refused' })
    case 'appeal':
      return {
        set: {
          appealedAt: now,
          assigneeId: null,
          verifiedById: null,
          decidedAt: null,
          // A block that was lifted when the case lost a conflict is over: the case starts on its way again.
          approvedAt: null,
          blockedAt: null,
          dueAt: decisionDue(now, holidays),
          counterclaim: request.claimTaken ? 'pending' : null,
        },
        // The claim comes back only if nobody else has it by now; otherwise it goes on as a counter-claim.
        claim: request.claimTaken ? 'keep' : 'gain',
      }
    case 'withdraw':
      return { set: { withdrawEffectiveAt: withdrawalEffective(now) } }
    case 'undo_withdraw':
      return { set: { withdrawEffectiveAt: null } }
    case 'finish_withdrawal':
    case 'expire':
      return { set: { withdrawEffectiveAt: null, closedAt: now, held: null }, claim: 'release' }
    case 'request_unblock':
      return { set: { unblockVerifiedById: null, unblockReason: null, dueAt: decisionDue(now, holidays) } }
    case 'verify_unblock':
      return { set: { unblockVerifiedById: actorId, unblockReason: request.reasonCode as UnblockReason } }
    case 'approve_unblock':
      return {
        set: { dueAt: carrierDue(now) },
        listed: false,
        orders: { action: 'unblock', reason: c.unblockReason ?? 'recovered' },
      }
    case 'refuse_unblock':
      return {
        set: {
          unblockVerifiedById: null,
          unblockReason: null,
          ...(request.carriersSettled ? { blockedAt: c.blockedAt ?? now } : { dueAt: carrierDue(now) }),
        },
      }
    case 'carriers_lifted':
      return { set: { closedAt: now }, claim: 'release' }
    case 'accept_counterclaim':
      return { set: { held: 'conflict', counterclaim: 'accepted', counterclaimById: actorId } }
    case 'note':
      return { set: {} }
    case 'contested':
      return { set: { held: 'conflict', counterclaimById: actorId } }
    case 'uncontested':
      return { set: { held: null, counterclaimById: null } }
    case 'upheld':
      return {
        set: { held: null, ...(c.counterclaim && { counterclaim: 'upheld' as const }) },
        ...(!c.primaryClaim && { claim: 'gain' as const }),
      }
    case 'overruled':
      return {
        ...rejection(actorId, now, c.counterclaim ? { counterclaim: 'overruled' } : {}),
        listed: false,
        orders: c.approvedAt === null ? null : { action: 'unblock', reason: 'other_claim' },
      }
  }
}

const rejection = (by: string | null, now: Instant, also: CaseChanges = {}): Effect => ({
  set: { rejectedById: by, rejectedAt: now, decidedAt: now, held: null, withdrawEffectiveAt: null, ...also },
  claim: 'release',
})
