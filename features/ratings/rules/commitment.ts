import { type Instant, localDate } from '#lib/time.ts'
import type { PromiseState } from './reply.ts'

/** A promise with its days: the one it has now, those it had before, and when it was kept. */
export interface Promised {
  /** A local date, as are all days here. */
  readonly dueOn: string
  /** The days it had until it was changed, the first first. */
  readonly before: readonly string[]
  readonly keptAt: Instant | null
}

export interface PromiseStanding {
  readonly state: PromiseState
  /** The day that was promised first: a promise keeps it, however often it is moved. */
  readonly firstDue: string
  /** The day it has now, where that is another one. */
  readonly movedTo: string | null
  /** Tells whether it was not kept by the day that was promised first; moving it changes nothing of that. */
  readonly late: boolean
}

/**
 * Returns the standing of a promise on a local date. It is measured by the first day that was promised, or by the day
 * that it has now where that is earlier.
 */
export function promiseStanding({ dueOn, before, keptAt }: Promised, today: string): PromiseStanding {
  const firstDue = before[0] ?? dueOn
  const measure = dueOn < firstDue ? dueOn : firstDue
  const until = keptAt === null ? today : localDate(keptAt)
  const late = measure < until
  return {
    state: keptAt !== null ? 'kept' : late ? 'overdue' : 'doing',
    firstDue,
    movedTo: dueOn === firstDue ? null : dueOn,
    late,
  }
}
