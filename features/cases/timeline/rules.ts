import type { AskedCorrection } from '#features/privacy/requests/correction-rules.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { appealUntil, decisionDue, reopenUntil, reviewUntil } from '../clocks/rules.ts'
import { type Move, type PastMove, RULES, ruleOf, type ToldMove } from '../moves/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { type CaseState, stateOf } from '../record/state-rules.ts'
import { appealBegins } from '../remedies/rules.ts'
import type { CaseTime, Chapter } from '../standing/rules.ts'

export type EventMove = ToldMove | 'submitted' | 'imported' | PastMove

/** One event of the history, with the details that its citizen may see. */
export interface CitizenEvent {
  readonly seq: number
  readonly at: Instant
  readonly move: EventMove
  readonly from: CaseState | null
  readonly to: CaseState
  /** The office that acted, never a person. */
  readonly by: 'citizen' | 'district' | 'city' | 'other'
  /** The district's police unit. */
  readonly unitId: string | null
  readonly reasonCode: string | null
  /** Words meant for the citizen; null without full access. */
  readonly message: string | null
  /** The correction that was asked for; absent without full access. */
  readonly correction?: AskedCorrection
}

export const deciderOf = ({
  actorKind,
  actorRole,
  actorUnitId,
}: {
  readonly actorKind: string
  readonly actorRole: StaffRole | null
  readonly actorUnitId: string | null
}): Pick<CitizenEvent, 'by' | 'unitId'> => ({
  by: officeOf(actorKind, actorRole, actorUnitId),
  unitId: actorUnitId,
})

function officeOf(kind: string, role: StaffRole | null, unitId: string | null): CitizenEvent['by'] {
  if (kind === 'citizen') return 'citizen'
  if (kind !== 'staff') return 'other'
  return role === 'city_police' || unitId === null ? 'city' : 'district'
}

export interface PastEntry extends CitizenEvent {
  readonly when: 'done' | 'now'
}

/** The steps still to come; each has a deadline if one is promised. */
const NEXT_STEPS = [
  'take',
  'imei',
  'decide',
  'approve',
  'carriers_block',
  'reply_or_expire',
  'appeal',
  'review',
  'reopen',
  'city_decides',
  'decider_found',
  'unblock_decide',
  'carriers_lift',
  'watch_decide',
  'watch_lift',
  'withdrawn',
  'police_go_on',
  'hold_ends',
  'watch_ends',
] as const

export interface NextEntry {
  readonly step: (typeof NEXT_STEPS)[number]
  readonly by: Instant | null
}

/** Returns the history newest first, with the entry in progress marked. */
export function pastEntries(c: CaseSnapshot, events: readonly CitizenEvent[]): PastEntry[] {
  const newestFirst = events.toSorted((a, b) => b.seq - a.seq)
  const present = newestFirst.find((event) => isPresent(c, event))
  return newestFirst.map((event) => ({ ...event, when: event === present ? 'now' : 'done' }))
}

/** The moves of an unblock. Where the phone is only watched they end the watch. */
const OF_UNBLOCK: readonly EventMove[] = [
  ...(['request_unblock', 'undo_unblock', 'approve_unblock', 'refuse_unblock'] as const),
  ...(['phone_returned', 'carriers_lifted'] as const),
]

type Moved = Pick<CitizenEvent, 'seq' | 'move' | 'from' | 'to'>

/** Checks whether an event belongs to the end of a watch: the case was being watched when its unblock was asked for. */
export const isEndOfWatch = (event: Moved, events: readonly Moved[]): boolean =>
  OF_UNBLOCK.includes(event.move) &&
  events
    .filter(({ seq, from, to }) => seq <= event.seq && to === 'unblock_review' && from !== to)
    .toSorted((a, b) => b.seq - a.seq)[0]?.from === 'watching'

function isPresent(c: CaseSnapshot, event: CitizenEvent): boolean {
  const begins = event.move in RULES ? ruleOf(event.move as Move).begins : undefined
  if (c.withdrawEffectiveAt !== null) return begins === 'withdrawal'
  if (c.held === 'conflict') return begins === 'conflict'
  if (begins === 'shared_imei')
    return c.held === 'shared_imei' ? event.to === c.state : c.sharedDueAt !== null
  if (begins === 'objection') return c.objectedAt !== null && c.state !== 'unblock_review'
  return !stateOf(c.state).atRest && event.to === c.state && event.from !== event.to
}

/** Returns what comes next and by when, the nearest first; nothing if a case is over or at rest. */
export function nextEntries(c: CaseSnapshot, chapter: Chapter, time: CaseTime): NextEntry[] {
  const steps = STEPS[chapter](c, time)
  return c.holdUntil ? [...steps, { step: 'hold_ends', by: c.holdUntil }] : steps
}

type Steps = (c: CaseSnapshot, time: CaseTime) => NextEntry[]
const step = (name: NextEntry['step'], by: Instant | null = null): NextEntry => ({ step: name, by })
const over: Steps = () => []
const decides: Steps = (c) => [step('decide', c.dueAt), step('carriers_block')]
const cityDecides: Steps = (c) => [step('city_decides', stateOf(c.state).clock === 'reply' ? null : c.dueAt)]
const decidesUnblock: Steps = (c) => [step('unblock_decide', c.dueAt), step('carriers_lift')]
const lifts: Steps = (c) => [step('carriers_lift', c.dueAt)]

const STEPS: Readonly<Record<Chapter, Steps>> = {
  withdrawing: (c) => [step('withdrawn', c.withdrawEffectiveAt)],
  held: cityDecides,
  held_blocked: cityDecides,
  held_shared: () => [step('city_decides')],
  no_decider: () => [step('decider_found')],
  submitted: (c, { holidays }) => [
    ...(c.firstActionAt === null ? [step('take', c.dueAt)] : []),
    step('decide', c.firstActionAt === null ? decisionDue(c.submittedAt, holidays) : c.dueAt),
    step('carriers_block'),
  ],
  imei_unknown: (c) => [
    ...(c.firstActionAt === null ? [step('take', c.dueAt)] : []),
    step('imei'),
    step('decide'),
    step('carriers_block'),
  ],
  under_review: decides,
  appealed: decides,
  info_requested: (c) => [step('reply_or_expire', c.dueAt), step('police_go_on')],
  verified: (c) => [step('approve', c.dueAt), step('carriers_block')],
  watching: (c) => [step('watch_ends', c.watchUntil)],
  blocking: (c) => [step('carriers_block', c.dueAt)],
  blocked: over,
  rejected: (c) => {
    const begins = appealBegins(c)
    return [step('appeal', begins && appealUntil(begins))]
  },
  rejected_finally: over,
  unblock_review: decidesUnblock,
  overturn_review: decidesUnblock,
  unblocking: lifts,
  overturning: lifts,
  watch_review: (c) => [step('watch_decide', c.dueAt), step('watch_lift')],
  watch_ending: (c) => [step('watch_lift', c.dueAt)],
  watch_ended: over,
  overturned: (c) => [step('review', c.closedAt && reviewUntil(c.closedAt))],
  overturned_finally: over,
  withdrawn: over,
  expired: (c) => [step('reopen', c.closedAt && reopenUntil(c.closedAt))],
  expired_finally: over,
  unblocked: over,
}

/** The steps of the progress bar on top of the case page: to the block, to its lifting, or to an early end. */
const WAY_STEPS = [
  'received',
  'verify',
  'approve',
  'watching',
  'carriers',
  'blocked',
  'unblock_review',
  'unblock_carriers',
  'unblocked',
  'watch_review',
  'watch_carriers',
  'watch_ended',
  'withdrawing',
  'withdrawn',
  'rejected',
  'expired',
] as const
type WayStep = (typeof WAY_STEPS)[number]

export interface WayEntry {
  readonly step: WayStep
  readonly when: 'done' | 'now' | 'next'
}

const TO_BLOCK: readonly WayStep[] = ['received', 'verify', 'approve', 'carriers', 'blocked']
const TO_END_WATCH = ['watching', 'watch_review', 'watch_carriers', 'watch_ended'] as const
const TO_UNBLOCK = ['blocked', 'unblock_review', 'unblock_carriers', 'unblocked'] as const

/** The sequence of steps for each state, and the position in it; past the last step if all are done. */
const PLACE: Readonly<Record<CaseState, { readonly way: readonly WayStep[]; readonly at: number }>> = {
  submitted: { way: TO_BLOCK, at: 0 },
  under_review: { way: TO_BLOCK, at: 1 },
  info_requested: { way: TO_BLOCK, at: 1 },
  verified: { way: TO_BLOCK, at: 2 },
  watching: { way: TO_BLOCK.toSpliced(3, 0, 'watching'), at: 3 },
  blocking: { way: TO_BLOCK, at: 3 },
  blocked: { way: TO_BLOCK, at: 5 },
  unblock_review: { way: TO_UNBLOCK, at: 1 },
  unblocking: { way: TO_UNBLOCK, at: 2 },
  unblocked: { way: TO_UNBLOCK, at: 4 },
  rejected: { way: ['received', 'verify', 'rejected'], at: 3 },
  withdrawn: { way: ['received', 'withdrawn'], at: 2 },
  expired: { way: ['received', 'verify', 'expired'], at: 3 },
}

/** Returns the steps of a case's progress bar: those done, the present one, and those to come. */
export function drawWay(state: CaseState, chapter: Chapter): readonly WayEntry[] {
  const { way: usual, at } = PLACE[state]
  const way = chapter.startsWith('watch_') ? TO_END_WATCH : usual
  if (chapter === 'withdrawing' && stateOf(state).active)
    return [
      ...way.slice(0, at).map(done),
      { step: 'withdrawing', when: 'now' },
      { step: 'withdrawn', when: 'next' },
    ]
  return way.map((step, index) => ({ step, when: index < at ? 'done' : index === at ? 'now' : 'next' }))
}

const done = (step: WayStep): WayEntry => ({ step, when: 'done' })
