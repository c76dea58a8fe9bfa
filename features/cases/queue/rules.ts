import type { BlockReason } from '#features/exchange/orders/rules.ts'
import { DAY, HOUR, type Instant } from '#lib/time.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'
import { CASE_STATES, type CaseHold, type CaseState, stateOf } from '../record/state-rules.ts'

/**
 * The lists of the queue, each with its own address, grouped by what they mean to their reader: to do, with others, done, to look
 * at. `todo` is the list to start from: for approvers the decisions that wait for a second person, for others their own cases and
 * those that nobody has. `mine` has the reader's cases that they can continue, `others` those on which others must act. `approve`
 * and `holds` leave out cases in which their reader may not be the second person, such as those that the reader filed, verified
 * or asked to block. `overdue` and `today` leave out cases where the reporter has to act.
 */
export const QUEUE_GROUPS = {
  todo: ['todo', 'mine', 'nobody', 'approve', 'holds'],
  waits: ['others'],
  done: ['done'],
  look: ['overdue', 'today', 'sent_back', 'conflicts', 'no_imei', 'all'],
} as const
export const QUEUE_VIEWS = [
  ...QUEUE_GROUPS.todo,
  ...QUEUE_GROUPS.waits,
  ...QUEUE_GROUPS.done,
  ...QUEUE_GROUPS.look,
] as const
export type QueueView = (typeof QUEUE_VIEWS)[number]

/** How long a decision stays in its maker's list of decisions. */
export const DONE_FOR = 7 * DAY

/** `due`: the most urgent first; `received` and `happened`: the latest first. */
export const QUEUE_SORTS = ['due', 'received', 'happened'] as const
export type QueueSort = (typeof QUEUE_SORTS)[number]

export const QUEUE_KINDS = ['robbed', 'snatched', 'stolen', 'lost'] as const satisfies readonly BlockReason[]
type QueueKind = (typeof QUEUE_KINDS)[number]

export const QUEUE_FLAGS = [
  'hold_asked',
  'hold',
  'objection',
  'conflict',
  'shared_imei',
  'tac',
  'earlier',
  'desk',
] as const
export type QueueFlag = (typeof QUEUE_FLAGS)[number]

export interface QueueFilter {
  readonly view: QueueView
  readonly sort: QueueSort
  /** Cases in this state, even if no action is due; null: cases that wait for an action. */
  readonly state: CaseState | null
  readonly kind: QueueKind | null
  readonly proof: 'yes' | 'no' | null
  readonly flag: QueueFlag | null
  readonly unitId: string | null
}

export const WHOLE_QUEUE: QueueFilter = {
  view: 'all',
  sort: 'due',
  state: null,
  kind: null,
  proof: null,
  flag: null,
  unitId: null,
}

/** A place in a list: rows are ordered by the time that the list is sorted by, then by id. */
export interface QueueKey {
  readonly at: Instant
  readonly id: string
}

/** The beginning of a page: the row next to it, and about how many rows come before. */
export interface QueueFrom {
  readonly key: QueueKey
  readonly direction: 'after' | 'before'
  readonly skipped: number
}

/** The views that can be filtered by state. Cases that wait for no action are in no list of the queue. */
const WITH_STATE: readonly QueueView[] = ['all', 'mine', 'nobody', 'conflicts']
/** Views of a span of time are always in the order of time. */
const BY_CLOCK: readonly QueueView[] = ['overdue', 'today', 'done']

export const isSortable = ({ view, state }: Pick<QueueFilter, 'view' | 'state'>): boolean =>
  state === null && !BY_CLOCK.includes(view)

const CHOICES = ['view', 'sort', 'state', 'kind', 'proof', 'flag', 'area'] as const
type Choice = (typeof CHOICES)[number]

const oneOf = <T extends string>(values: readonly T[], value: string | null): T | null =>
  values.find((one) => one === value) ?? null

/**
 * Reads the filter of an address or a saved view. Older addresses have the view in `who`.
 *
 * @param one returns the value sent under a name; null if there is none
 */
export function readFilter(
  one: (name: string) => string | null,
  units: readonly { readonly id: string }[],
): {
  readonly filter: QueueFilter
  /** The names of choices without a (current) meaning; the list is shown without them. */
  readonly unknown: readonly Choice[]
} {
  const sent = (name: Choice): string | null => one(name) || null
  const older = oneOf(['mine', 'nobody'] as const, one('who'))
  const view = oneOf(QUEUE_VIEWS, sent('view')) ?? older ?? 'all'
  const state = oneOf(CASE_STATES, sent('state'))
  const read = {
    view: state !== null && !WITH_STATE.includes(view) ? ('all' as const) : view,
    sort: oneOf(QUEUE_SORTS, sent('sort')) ?? ('due' as const),
    state,
    kind: oneOf(QUEUE_KINDS, sent('kind')),
    proof: oneOf(['yes', 'no'] as const, sent('proof')),
    flag: oneOf(QUEUE_FLAGS, sent('flag')),
    unitId: units.find(({ id }) => id === sent('area'))?.id ?? null,
  }
  const known: Readonly<Record<Choice, boolean>> = {
    view: oneOf(QUEUE_VIEWS, sent('view')) !== null,
    sort: oneOf(QUEUE_SORTS, sent('sort')) !== null,
    state: state !== null,
    kind: read.kind !== null,
    proof: read.proof !== null,
    flag: read.flag !== null,
    area: read.unitId !== null,
  }
  return {
    filter: { ...read, sort: isSortable(read) ? read.sort : 'due' },
    unknown: CHOICES.filter((name) => sent(name) !== null && !known[name]),
  }
}

/** Returns a filter as parameters of an address; those at their default are left out. */
export const writeQueueFilter = (filter: QueueFilter): Readonly<Record<Choice, string | undefined>> => ({
  view: filter.view === 'all' ? undefined : filter.view,
  sort: filter.sort === 'due' ? undefined : filter.sort,
  state: filter.state ?? undefined,
  kind: filter.kind ?? undefined,
  proof: filter.proof ?? undefined,
  flag: filter.flag ?? undefined,
  area: filter.unitId ?? undefined,
})

export const URGENCIES = ['overdue', 'soon', 'later'] as const
export type Urgency = (typeof URGENCIES)[number]

/** A row that is due within this time is marked as soon due. */
export const SOON = 4 * HOUR

export interface QueueRow {
  readonly id: string
  readonly number: string
  readonly version: number
  readonly state: CaseState
  readonly watchUntil: Instant | null
  readonly held: CaseHold | null
  readonly unitId: string
  readonly brand: string
  readonly model: string
  readonly tacMismatch: boolean
  readonly incidentType: QueueKind
  readonly incidentAt: Instant
  /** The first 14 digits of each phone's IMEI. */
  readonly keys: readonly string[]
  readonly imeiUnknown: boolean
  /** The lookup of the phones that the number was in: phones were named but not released, or a carrier is late. */
  readonly lookup: 'answered' | 'late' | null
  readonly holdAskedById: string | null
  readonly holdConfirmedById: string | null
  readonly holdDueAt: Instant | null
  readonly renewalAskedById: string | null
  readonly renewalConfirmedById: string | null
  readonly renewalDueAt: Instant | null
  readonly holdUntil: Instant | null
  readonly objectedAt: Instant | null
  readonly earlierId: string | null
  readonly atDesk: boolean
  readonly unblockVerified: boolean
  readonly withdrawEffectiveAt: Instant | null
  readonly submittedAt: Instant
  readonly dueAt: Instant
  readonly actBy: Instant
  readonly needsWork: boolean
  readonly assigneeId: string | null
  readonly assigneeName: string | null
  /** The time that its list is sorted by. */
  readonly at: Instant
  /** The reporter's name and the place, which police see before they open the papers; null once erased. */
  readonly told: { readonly name: string; readonly place: string; readonly dayOnly: boolean } | null
}

/** Returns whose turn it is if it is not the assignee's; null otherwise. */
export function turnOf(c: Pick<CaseSnapshot, 'state' | 'held'> & { readonly unblockVerified?: boolean }) {
  if (c.held !== null) return 'city'
  const { turn } = stateOf(c.state)
  if (turn !== 'unblock') return turn
  return c.unblockVerified === undefined ? null : c.unblockVerified ? 'unblock_approver' : 'owner_check'
}
