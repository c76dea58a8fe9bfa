import { type Holidays, workingDaysAfter } from '#features/cases/clocks/rules.ts'
import { holdWaitsUntil } from '#features/cases/moves/rules.ts'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { type Clock, caseStanding } from '#features/cases/standing/rules.ts'
import type { ObjectionSnapshot } from '#features/disputes/objections/rules.ts'
import { HOUR, type Instant } from '#lib/time.ts'

/** Deadlines that police can miss; `city_decision`: on a case that city police have to decide. */
export const LATE_KINDS = [
  'first_action',
  'decision',
  'appeal',
  'review',
  'city_decision',
  'unblock_decision',
  'hold',
  'objection',
  'correct',
  'erase',
] as const
export type LateKind = (typeof LATE_KINDS)[number]

export interface Owed {
  readonly kind: LateKind
  readonly dueAt: Instant
}

/** Returns what police owe on a case: the deadlines that its person sees, and a temporary block that waits for confirmation. */
export function owedOnCase(c: CaseSnapshot, holidays: Holidays, now: Instant): Owed[] {
  const clocks = caseStanding(c, { now, holidays }).clocks.flatMap((clock): Owed[] => {
    const kind = kindOf(clock.kind, c)
    return kind === null ? [] : [{ kind, dueAt: clock.due }]
  })
  const waits = holdWaitsUntil(c)
  return waits ? [...clocks, { kind: 'hold', dueAt: waits }] : clocks
}

function kindOf(clock: Clock['kind'], c: CaseSnapshot): LateKind | null {
  if (clock === 'first_action' || clock === 'unblock_decision') return clock
  if (clock !== 'decision') return null
  if (c.held !== null) return 'city_decision'
  if (c.reviewAskedAt !== null) return 'review'
  return c.appealedAt === null ? 'decision' : 'appeal'
}

export const owedOnObjection = (o: Pick<ObjectionSnapshot, 'state' | 'dueAt'>): Owed[] =>
  o.state === 'open' ? [{ kind: 'objection', dueAt: o.dueAt }] : []

/** Returns false for a temporary block: its person hears of it only when it is confirmed. */
export const isPersonTold = (kind: LateKind): boolean => kind !== 'hold'

const CITY_AFTER = 1
const INSPECTORATE_AFTER = 3

export const stepsOf = (
  dueAt: Instant,
  holidays: Holidays,
): { readonly cityDueAt: Instant; readonly inspectorateDueAt: Instant } => ({
  cityDueAt: workingDaysAfter(dueAt, CITY_AFTER, holidays),
  inspectorateDueAt: workingDaysAfter(dueAt, INSPECTORATE_AFTER, holidays),
})

/** Returns the new day promised to the person: in one working day for a first look or a temporary block, else in three. */
export const promisedBy = (kind: LateKind, now: Instant, holidays: Holidays): Instant =>
  workingDaysAfter(now, kind === 'first_action' || kind === 'hold' ? 1 : 3, holidays)

const LOOKED_AT_EVERY = 6 * HOUR

/** Returns when to check a deadline again: at its next step, at the case's next deadline, or in six hours. */
export const lookAgainAt = (now: Instant, moments: readonly Instant[]): Instant =>
  new Date(
    Math.min(
      now.getTime() + LOOKED_AT_EVERY,
      ...moments.map((at) => at.getTime()).filter((at) => at > now.getTime()),
    ),
  )

export interface Lateness extends Owed {
  readonly id: string
  readonly unitId: string
  readonly personAt: Instant | null
  readonly promisedAt: Instant
  readonly unitAt: Instant | null
  readonly cityAt: Instant | null
  readonly inspectorateAt: Instant | null
  readonly endedAt: Instant | null
  readonly complaint: {
    readonly at: Instant
    readonly dueAt: Instant
    readonly answeredAt: Instant | null
    readonly answer: string | null
  } | null
}

/** Returns those that were told and are still late and owed. */
export const lateNow = (late: readonly Lateness[], owed: readonly Owed[], now: Instant): Lateness[] =>
  late.filter(
    (one) =>
      one.endedAt === null &&
      now > one.dueAt &&
      owed.some(({ kind, dueAt }) => kind === one.kind && dueAt.getTime() === one.dueAt.getTime()),
  )

const PUBLIC_KINDS = ['first_action', 'decision', 'unblock_decision', 'objection', 'data'] as const
export const PUBLIC_DELAYS = ['all', ...PUBLIC_KINDS] as const

const PUBLIC_KIND: Readonly<Record<LateKind, (typeof PUBLIC_KINDS)[number] | null>> = {
  first_action: 'first_action',
  decision: 'decision',
  appeal: 'decision',
  review: 'decision',
  city_decision: 'decision',
  unblock_decision: 'unblock_decision',
  hold: null,
  objection: 'objection',
  correct: 'data',
  erase: 'data',
}

const DAYS_UNIT = 5
/** A group needs this many late deadlines, so that its worst delay is not one person's own case. */
const ENOUGH_LATE = 5

export interface LateGroup {
  readonly kind: LateKind
  readonly oldestDueAt: Instant
  readonly count: number
}

export interface WorstDelay {
  /** `all`: the whole city, of any kind. */
  readonly kind: (typeof PUBLIC_DELAYS)[number]
  /** Upper limit in days, a multiple of five. 0: nothing is late; null: too few to be published. */
  readonly days: number | null
}

/**
 * Returns the worst delay of the whole city and of each group, in days, rounded up to fives. The city's is always published; a
 * group's only if at least {@link ENOUGH_LATE} or none are late.
 */
export function worstDelays(groups: readonly LateGroup[], now: Instant): WorstDelay[] {
  const told = groups.filter(({ kind }) => PUBLIC_KIND[kind] !== null)
  const worst = (of: readonly LateGroup[]): number =>
    of.reduce((most, { oldestDueAt }) => Math.max(most, fives(oldestDueAt, now)), 0)
  return [
    { kind: 'all', days: worst(told) },
    ...PUBLIC_KINDS.map((kind): WorstDelay => {
      const of = told.filter((one) => PUBLIC_KIND[one.kind] === kind)
      const count = of.reduce((sum, one) => sum + one.count, 0)
      return { kind, days: count > 0 && count < ENOUGH_LATE ? null : worst(of) }
    }),
  ]
}

const fives = (dueAt: Instant, now: Instant): number =>
  Math.max(1, Math.ceil((now.getTime() - dueAt.getTime()) / (DAYS_UNIT * 24 * HOUR))) * DAYS_UNIT
