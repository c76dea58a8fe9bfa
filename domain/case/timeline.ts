import type { Instant } from '../time.ts'
import { appealUntil, decisionDue, reviewUntil } from './clocks.ts'
import { type Move, RULES, ruleOf, type ToldMove } from './moves.ts'
import type { CaseSnapshot } from './snapshot.ts'
import type { CaseTime, Chapter } from './standing.ts'
import { type CaseState, FINAL_STATES } from './state.ts'

/** Everything that can stand in the history that its citizen reads. */
export type EventMove = ToldMove | 'submitted' | 'imported'

/** One event of the history, as far as its citizen may see it. */
export interface CitizenEvent {
  readonly seq: number
  readonly at: Instant
  readonly move: EventMove
  readonly from: CaseState | null
  readonly to: CaseState
  /** Who acted: an office, never a person. */
  readonly by: 'citizen' | 'district' | 'city' | 'other'
  /** The police area of `district`. */
  readonly areaId: string | null
  readonly reasonCode: string | null
  /** Words meant for the citizen; null without full access. */
  readonly message: string | null
}

export interface PastEntry extends CitizenEvent {
  /** `now`: what is going on at present; the others are over. */
  readonly when: 'done' | 'now'
}

/** Steps that are still to come, each with the latest moment where one is promised. */
export const NEXT_STEPS = [
  'take',
  'decide',
  'approve',
  'carriers_block',
  'reply_or_expire',
  'appeal',
  'review',
  'city_decides',
  'unblock_decide',
  'carriers_lift',
  'withdrawn',
  'police_go_on',
  'hold_ends',
] as const

export interface NextEntry {
  readonly step: (typeof NEXT_STEPS)[number]
  readonly by: Instant | null
}

/** The history newest first, with what is going on marked. */
export function pastEntries(c: CaseSnapshot, events: readonly CitizenEvent[]): PastEntry[] {
  const newestFirst = events.toSorted((a, b) => b.seq - a.seq)
  const present = newestFirst.find((event) => isPresent(c, event))
  return newestFirst.map((event) => ({ ...event, when: event === present ? 'now' : 'done' }))
}

/** States in which nothing is going on. */
const AT_REST: readonly CaseState[] = [...FINAL_STATES, 'blocked', 'rejected']

function isPresent(c: CaseSnapshot, event: CitizenEvent): boolean {
  const begins = event.move in RULES ? ruleOf(event.move as Move).begins : undefined
  if (c.withdrawEffectiveAt !== null) return begins === 'withdrawal'
  if (c.held === 'conflict') return begins === 'conflict'
  if (c.held === 'shared_imei' && begins === 'shared_imei') return event.to === c.state
  if (begins === 'objection') return c.objectedAt !== null && c.state !== 'unblock_review'
  return !AT_REST.includes(c.state) && event.to === c.state && event.from !== event.to
}

/** What comes next and by when, the nearest first. Nothing where a case is over or at rest. */
export function nextEntries(c: CaseSnapshot, chapter: Chapter, time: CaseTime): NextEntry[] {
  const steps = stepsOf(c, chapter, time)
  return c.holdUntil ? [...steps, { step: 'hold_ends', by: c.holdUntil }] : steps
}

function stepsOf(c: CaseSnapshot, chapter: Chapter, { holidays }: CaseTime): NextEntry[] {
  const step = (name: NextEntry['step'], by: Instant | null = null): NextEntry => ({ step: name, by })
  switch (chapter) {
    case 'withdrawing':
      return [step('withdrawn', c.withdrawEffectiveAt)]
    case 'held':
    case 'held_blocked':
      return [step('city_decides', c.state === 'info_requested' ? null : c.dueAt)]
    case 'held_shared':
      return [step('city_decides')]
    case 'submitted':
      return [
        ...(c.firstActionAt === null ? [step('take', c.dueAt)] : []),
        step('decide', c.firstActionAt === null ? decisionDue(c.submittedAt, holidays) : c.dueAt),
        step('carriers_block'),
      ]
    case 'under_review':
    case 'appealed':
      return [step('decide', c.dueAt), step('carriers_block')]
    case 'info_requested':
      return [step('reply_or_expire', c.dueAt), step('police_go_on')]
    case 'verified':
      return [step('approve', c.dueAt), step('carriers_block')]
    case 'blocking':
      return [step('carriers_block', c.dueAt)]
    case 'rejected':
      return [step('appeal', c.rejectedAt && appealUntil(c.rejectedAt))]
    case 'unblock_review':
      return [step('unblock_decide', c.dueAt), step('carriers_lift')]
    case 'unblocking':
    case 'overturning':
      return [step('carriers_lift', c.dueAt)]
    case 'overturned':
      return [step('review', c.closedAt && reviewUntil(c.closedAt))]
    default:
      return []
  }
}
