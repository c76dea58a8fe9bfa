import type { Actor } from '#lib/access/actor.ts'
import { type Instant, SECOND } from '#lib/time.ts'
import { firstActionDue } from './clocks.ts'
import { ruleOf } from './moves.ts'
import { QUICK_SECONDS, restsOnProof } from './proof.ts'
import type { CaseSnapshot } from './snapshot.ts'
import type { Transition } from './transition.ts'

/**
 * The things that are counted of each person's work, by day and unit (ADR 78). Some count against another person than the
 * one who acts: what is sent back counts for the one who had verified it.
 */
export const MEASURES = [
  /** First actions on a case within 24 hours, and later. */
  'first_on_time',
  'first_late',
  /** Verifications and rejections within three working days, and later. */
  'decided_on_time',
  'decided_late',
  /** Questions to the reporter, by reason code. */
  'asked_more',
  /** Rejections, by reason code. */
  'rejected',
  /** Verifications that a second person sent back. */
  'sent_back',
  /** Rejections that an appeal turned into a block, and those that stood. */
  'appeal_upheld',
  'appeal_refused',
  /** Decisions that rest on the papers, and those that came within seconds of opening them. */
  'on_proof',
  'quick',
  /** Cases that went back to the queue because their person left the unit. */
  'returned',
] as const
export type Measure = (typeof MEASURES)[number]

export interface WorkCount {
  readonly accountId: string
  readonly measure: Measure
  /** The reason code; empty where the measure has none. */
  readonly code: string
}

type Before = Pick<
  CaseSnapshot,
  'assigneeId' | 'verifiedById' | 'rejectedById' | 'submittedAt' | 'dueAt' | 'firstActionAt' | 'appealedAt'
>

/**
 * Returns what a move counts for, and for whom.
 *
 * @param before the case as it was
 * @param openedAt when its maker had opened the papers, where the move rests on them
 */
export function workOf(
  before: Before,
  change: Pick<Transition, 'move' | 'from' | 'set' | 'reasonCode'>,
  actor: Actor,
  openedAt: Instant | null,
  now: Instant,
): WorkCount[] {
  const of = (accountId: string | null, measure: Measure, code = ''): WorkCount[] =>
    accountId === null ? [] : [{ accountId, measure, code }]
  const { move, from, set } = change
  if (actor.kind === 'system')
    return set.needsWork && (move === 'release' || move === 'unassign')
      ? of(before.assigneeId, 'returned')
      : []
  if (actor.kind !== 'staff') return []
  const own = (measure: Measure, code?: string) => of(actor.id, measure, code)
  const decides = from === 'under_review' && set.decidedAt != null && ruleOf(move).settlesConflict !== true
  const appealed = before.appealedAt !== null
  const isQuick = openedAt !== null && now.getTime() - openedAt.getTime() < QUICK_SECONDS * SECOND
  return [
    ...(before.firstActionAt === null && set.firstActionAt != null
      ? own(now <= firstActionDue(before.submittedAt) ? 'first_on_time' : 'first_late')
      : []),
    ...(decides ? own(now <= before.dueAt ? 'decided_on_time' : 'decided_late') : []),
    ...(move === 'request_info' ? own('asked_more', change.reasonCode ?? 'other') : []),
    ...(move === 'reject' ? own('rejected', change.reasonCode ?? 'other') : []),
    ...(move === 'send_back' ? of(before.verifiedById, 'sent_back') : []),
    ...(appealed && move === 'approve' ? of(before.rejectedById, 'appeal_upheld') : []),
    ...(appealed && move === 'reject' ? of(before.rejectedById, 'appeal_refused') : []),
    ...(restsOnProof(move) && openedAt !== null ? own('on_proof') : []),
    ...(restsOnProof(move) && isQuick ? own('quick') : []),
  ]
}

/** The work of a person, or of several together, over some days. */
export interface Work {
  readonly counts: Readonly<Record<Measure, number>>
  /** Questions and rejections by their reason codes. */
  readonly askedMore: Readonly<Record<string, number>>
  readonly rejected: Readonly<Record<string, number>>
}

/** Adds up what was counted. */
export function sumWork(
  rows: readonly { readonly measure: Measure; readonly code: string; readonly count: number }[],
): Work {
  const counts = Object.fromEntries(MEASURES.map((measure) => [measure, 0])) as Record<Measure, number>
  const byCode: Record<string, Record<string, number>> = { asked_more: {}, rejected: {} }
  for (const { measure, code, count } of rows) {
    counts[measure] += count
    const codes = byCode[measure]
    if (codes) codes[code] = (codes[code] ?? 0) + count
  }
  return { counts, askedMore: byCode.asked_more ?? {}, rejected: byCode.rejected ?? {} }
}
