import type { WayOnPaper } from '#features/exchange/letters/rules.ts'
import type { CarrierState, OrderAction } from '#features/exchange/orders/rules.ts'
import type { Instant } from '#lib/time.ts'
import { appealUntil, decisionDue, type Holidays, reopenUntil, reviewUntil } from '../clocks/rules.ts'
import { findsForHolder, isBlocked } from '../moves/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { namedState, stateOf } from '../record/state-rules.ts'
import { appealBegins, appealOpen, reopenOpen, reviewOpen } from '../remedies/rules.ts'

/** The chapters of a case, each with a headline and an answer to "what is needed of me?". */
export const CHAPTERS = [
  'submitted',
  'imei_unknown',
  'under_review',
  'appealed',
  'info_requested',
  'verified',
  'blocking',
  'watching',
  'blocked',
  'rejected',
  'rejected_finally',
  'unblock_review',
  'unblocking',
  'watch_review',
  'watch_ending',
  'watch_ended',
  'withdrawing',
  'held',
  'held_blocked',
  'held_shared',
  'no_decider',
  'withdrawn',
  'expired',
  'expired_finally',
  'unblocked',
  'overturn_review',
  'overturning',
  'overturned',
  'overturned_finally',
] as const
export type Chapter = (typeof CHAPTERS)[number]

export const HOLDERS = ['police', 'city', 'citizen', 'carriers', 'nobody'] as const
type Holder = (typeof HOLDERS)[number]

export const CLOCKS = [
  'first_action',
  'decision',
  'unblock_decision',
  'reply',
  'carriers_block',
  'carriers_lift',
  'withdrawal',
  'appeal',
  'review',
  'reopen',
] as const

export interface Clock {
  readonly kind: (typeof CLOCKS)[number]
  readonly due: Instant
  /** True if the party that has the case is late. The citizen's own time runs out instead: it is never "late". */
  readonly overdue: boolean
}

export interface CaseStanding {
  readonly chapter: Chapter
  /** The party that owes the next step. */
  readonly holder: Holder
  readonly clocks: readonly Clock[]
  /** The end of a temporary block that is in force although police are not done. */
  readonly temporaryUntil: Instant | null
}

export interface CaseTime {
  readonly now: Instant
  readonly holidays: Holidays
}

/** Returns what the citizen's page says of a case: the headline, who has it, and the deadlines. */
export function caseStanding(c: CaseSnapshot, time: CaseTime): CaseStanding {
  const chapter = chapterOf(c, time.now)
  return {
    chapter,
    holder: holderOf(chapter, c),
    clocks: clocksOf(c, chapter, time),
    temporaryUntil: c.holdUntil,
  }
}

/** Checks whether the case is with the person who filed it. They cannot verify it, so it waits for another officer. */
export const filerHasIt = (c: Pick<CaseSnapshot, 'state' | 'filedById' | 'assigneeId'>): boolean =>
  c.state === 'under_review' && c.filedById !== null && c.assigneeId === c.filedById

function chapterOf(c: CaseSnapshot, now: Instant): Chapter {
  if (c.withdrawEffectiveAt !== null) return 'withdrawing'
  // A day that was promised before is no longer true. The citizen can still answer a question.
  if (c.noDeciderAt !== null && c.state !== 'info_requested') return 'no_decider'
  // During a conflict the page says only that police look again and whether the block is in force. It says nothing of the other
  // claim.
  if (c.held !== null && stateOf(c.state).active) {
    // A question to the citizen comes first, because only they can answer it.
    if (c.held === 'shared_imei') return c.state === 'info_requested' ? c.state : 'held_shared'
    return stateOf(c.state).block === 'in_force' && c.watchUntil === null ? 'held_blocked' : 'held'
  }
  if (c.state === 'expired') return reopenOpen(c, now) ? 'expired' : 'expired_finally'
  if (c.state === 'rejected') return appealOpen(c, now) ? 'rejected' : 'rejected_finally'
  if (c.appealedAt !== null && (c.state === 'submitted' || c.state === 'under_review')) return 'appealed'
  // The reporter is about to lose the block, so no help is promised here.
  if (c.state === 'unblock_review' && findsForHolder(c)) return 'overturn_review'
  if (c.overturnedAt !== null && c.state === 'unblocking') return 'overturning'
  if (c.overturnedAt !== null && c.state === 'unblocked')
    return reviewOpen(c, now) ? 'overturned' : 'overturned_finally'
  if (c.imeiUnknown && (c.state === 'submitted' || c.state === 'under_review')) return 'imei_unknown'
  return namedState(c)
}

const HOLDER: Readonly<Record<Chapter, Holder>> = {
  submitted: 'police',
  imei_unknown: 'police',
  under_review: 'police',
  appealed: 'police',
  info_requested: 'citizen',
  verified: 'police',
  watching: 'carriers',
  blocking: 'carriers',
  blocked: 'nobody',
  rejected: 'citizen',
  rejected_finally: 'nobody',
  unblock_review: 'police',
  unblocking: 'carriers',
  watch_review: 'police',
  watch_ending: 'carriers',
  watch_ended: 'nobody',
  withdrawing: 'citizen',
  held: 'city',
  held_blocked: 'city',
  held_shared: 'city',
  no_decider: 'police',
  withdrawn: 'nobody',
  expired: 'citizen',
  expired_finally: 'nobody',
  unblocked: 'nobody',
  overturn_review: 'police',
  overturning: 'carriers',
  overturned: 'citizen',
  overturned_finally: 'nobody',
}

/**
 * Returns who has to act. If the phone's holder objects to the block, police weigh both sides, whether the reporter answers or
 * not.
 */
const holderOf = (chapter: Chapter, { objectedAt }: CaseSnapshot): Holder =>
  chapter === 'blocked' && objectedAt !== null ? 'police' : HOLDER[chapter]

function clocksOf(c: CaseSnapshot, chapter: Chapter, { now, holidays }: CaseTime): Clock[] {
  const owed = (kind: Clock['kind'], due: Instant = c.dueAt): Clock => ({ kind, due, overdue: now > due })
  const yours = (kind: Clock['kind'], due: Instant): Clock => ({ kind, due, overdue: false })
  if (chapter === 'withdrawing')
    return c.withdrawEffectiveAt ? [yours('withdrawal', c.withdrawEffectiveAt)] : []
  if (chapter === 'no_decider') return []
  const { clock } = stateOf(c.state)
  // The time to decide begins on the day when there is a phone to decide about.
  if (chapter === 'imei_unknown') return c.firstActionAt === null ? [owed('first_action')] : []
  const decision = c.firstActionAt === null ? decisionDue(c.submittedAt, holidays) : c.dueAt
  // A held case is neither taken up nor carried out, but its decision is still due.
  if (chapter === 'held_shared') return [owed('decision', decision)]
  if (chapter === 'held' || chapter === 'held_blocked')
    return [clock === 'reply' ? yours('reply', c.dueAt) : owed('decision')]
  const begins = appealBegins(c)
  const clocks: Readonly<Record<NonNullable<ReturnType<typeof stateOf>['clock']>, () => Clock[]>> = {
    first_action: () => [
      ...(c.firstActionAt === null ? [owed('first_action')] : []),
      owed('decision', decision),
    ],
    decision: () => [owed('decision')],
    reply: () => [yours('reply', c.dueAt)],
    carriers_block: () => [owed('carriers_block')],
    unblock_decision: () => [owed('unblock_decision')],
    carriers_lift: () => [owed('carriers_lift')],
    appeal: () => (chapter === 'rejected' && begins ? [yours('appeal', appealUntil(begins))] : []),
    reopen: () => (chapter === 'expired' && c.closedAt ? [yours('reopen', reopenUntil(c.closedAt))] : []),
    review: () => (chapter === 'overturned' && c.closedAt ? [yours('review', reviewUntil(c.closedAt))] : []),
  }
  return clock === null ? [] : clocks[clock]()
}

/** Returns the key of a clock's words. */
export function clockWords({ chapter }: CaseStanding, { kind }: Clock) {
  if (chapter === 'watch_review' && kind === 'unblock_decision') return 'watch_decision'
  return chapter === 'watch_ending' && kind === 'carriers_lift' ? 'watch_lift' : kind
}

export interface CarrierLine {
  readonly carrierId: string
  readonly name: string
  readonly state: CarrierState
  /** When the order entered the carrier's book, when the carrier confirmed it, and when it reported the result. */
  readonly sentAt: Instant
  readonly receivedAt: Instant | null
  readonly doneAt: Instant | null
  readonly action: OrderAction
  readonly dueAt: Instant
  /** The progress of an order that goes by letter; `queued` until the letter has gone. */
  readonly paper?: WayOnPaper
  /** For `failed`: a rejection code of the contract, or `not_found`; null when it gave none. */
  readonly failureCode?: string | null
  readonly exemptReason?: string
}

/** Returns the lines that carriers carry out for this case, without a block that has passed to another claim on the phone. */
export const ownLines = <L extends Pick<CarrierLine, 'action'>>(
  c: Pick<CaseSnapshot, 'state' | 'approvedAt' | 'holdUntil' | 'watchUntil'>,
  lines: readonly L[],
): L[] =>
  lines.filter(({ action }) =>
    action === 'block' ? isBlocked(c) : action === 'unblock' || c.watchUntil !== null,
  )

const OPEN: readonly CarrierState[] = ['queued', 'sent', 'acknowledged', 'failed']

export interface CarrierCount {
  readonly total: number
  /** Not told yet: the order waits for the relay's release, or for its letter. */
  readonly queued: number
  /** Have applied the block or lifted it. */
  readonly done: number
  /** Cannot do it; two people have confirmed that with a reason. */
  readonly exempt: number
  readonly failed: number
}

export const countCarriers = (carriers: readonly Pick<CarrierLine, 'state'>[]): CarrierCount => ({
  total: carriers.length,
  queued: carriers.filter(({ state }) => state === 'queued').length,
  done: carriers.filter(({ state }) => state === 'applied' || state === 'lifted').length,
  exempt: carriers.filter(({ state }) => state === 'exempt').length,
  failed: carriers.filter(({ state }) => state === 'failed').length,
})

export const isAwaited = ({ state }: Pick<CarrierLine, 'state'>): boolean => OPEN.includes(state)

export const isLate = ({ state, dueAt }: Pick<CarrierLine, 'state' | 'dueAt'>, now: Instant): boolean =>
  isAwaited({ state }) && now > dueAt
