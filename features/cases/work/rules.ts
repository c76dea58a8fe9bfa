import type { Actor } from '#lib/access/actor.ts'
import { type Instant, SECOND } from '#lib/time.ts'
import { firstActionDue } from '../clocks/rules.ts'
import { ruleOf } from '../moves/rules.ts'
import type { Transition } from '../moves/transition-rules.ts'
import { QUICK_SECONDS, restsOnProof } from '../proof/rules.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

/**
 * The measures of each person's work, by day and unit (ADR 78). Some count for a person other than the one who acts: a
 * case that is sent back counts for the person who verified it.
 */
export const WORK_MEASURES = [
  /** First actions on a case within 24 hours, and later. */
  'first_on_time',
  'first_late',
  /** Verifications and rejections within three working days, and later. */
  'decided_on_time',
  'decided_late',
  /** Questions to the reporter, by reason code. */
  'asked_more',
  'rejected',
  'sent_back',
  /** Rejections that an appeal turned into a block, and those that were confirmed. */
  'appeal_upheld',
  'appeal_refused',
  /** Decisions that rest on the papers, and those that came within seconds of opening them. */
  'on_proof',
  'quick',
  /** Cases that went back to the queue because their person left the unit. */
  'returned',
] as const
export type WorkMeasure = (typeof WORK_MEASURES)[number]

export interface WorkCount {
  readonly accountId: string
  readonly measure: WorkMeasure
  /** The reason code; empty if the measure has none. */
  readonly code: string
}

interface Made {
  readonly before: Before
  readonly change: Change
  readonly actor: Actor
}
type Change = Pick<Transition, 'move' | 'from' | 'set' | 'reasonCode'>
type Before = Pick<
  CaseSnapshot,
  'assigneeId' | 'verifiedById' | 'rejectedById' | 'submittedAt' | 'dueAt' | 'firstActionAt' | 'appealedAt'
>

const makerOf = ({ actor }: Made): string | null => (actor.kind === 'staff' ? actor.id : null)
const rejecterOf = ({ before }: Made): string | null =>
  before.appealedAt === null ? null : before.rejectedById

/** Maps each measure in a move's `counts` to the person it counts for; null: nobody, for this move. */
const COUNTED_FOR = {
  asked_more: makerOf,
  rejected: makerOf,
  sent_back: ({ before }) => before.verifiedById,
  appeal_upheld: rejecterOf,
  appeal_refused: rejecterOf,
  // A person who releases a case themselves has not left it.
  returned: ({ before, change, actor }) =>
    actor.kind === 'system' && change.set.needsWork ? before.assigneeId : null,
} as const satisfies Partial<Readonly<Record<WorkMeasure, (made: Made) => string | null>>>
export type MoveMeasure = keyof typeof COUNTED_FOR

const BY_CODE: readonly WorkMeasure[] = ['asked_more', 'rejected']

/**
 * Returns the measures that a move adds to, and for whom.
 *
 * @param before the case before the move
 * @param openedAt when the move's maker opened the papers, if the move needs them
 */
export function workOf(
  before: Before,
  change: Change,
  actor: Actor,
  openedAt: Instant | null,
  now: Instant,
): WorkCount[] {
  const made = { before, change, actor }
  const of = (accountId: string | null, measure: WorkMeasure): WorkCount[] => {
    const code = BY_CODE.includes(measure) ? (change.reasonCode ?? 'other') : ''
    return accountId === null ? [] : [{ accountId, measure, code }]
  }
  const { move, from, set } = change
  const own = (measure: WorkMeasure) => of(makerOf(made), measure)
  const decides = from === 'under_review' && set.decidedAt != null && ruleOf(move).settlesConflict !== true
  const isQuick = openedAt !== null && now.getTime() - openedAt.getTime() < QUICK_SECONDS * SECOND
  return [
    ...(before.firstActionAt === null && set.firstActionAt != null
      ? own(now <= firstActionDue(before.submittedAt) ? 'first_on_time' : 'first_late')
      : []),
    ...(decides ? own(now <= before.dueAt ? 'decided_on_time' : 'decided_late') : []),
    ...(ruleOf(move).counts ?? []).flatMap((measure) => of(COUNTED_FOR[measure](made), measure)),
    ...(restsOnProof(move) && openedAt !== null ? own('on_proof') : []),
    ...(restsOnProof(move) && isQuick ? own('quick') : []),
  ]
}

export interface Work {
  readonly counts: Readonly<Record<WorkMeasure, number>>
  readonly askedMore: Readonly<Record<string, number>>
  readonly rejected: Readonly<Record<string, number>>
}

export function sumWork(
  rows: readonly { readonly measure: WorkMeasure; readonly code: string; readonly count: number }[],
): Work {
  const counts = Object.fromEntries(WORK_MEASURES.map((measure) => [measure, 0])) as Record<
    WorkMeasure,
    number
  >
  const byCode: Record<string, Record<string, number>> = { asked_more: {}, rejected: {} }
  for (const { measure, code, count } of rows) {
    counts[measure] += count
    const codes = byCode[measure]
    if (codes) codes[code] = (codes[code] ?? 0) + count
  }
  return { counts, askedMore: byCode.asked_more ?? {}, rejected: byCode.rejected ?? {} }
}
