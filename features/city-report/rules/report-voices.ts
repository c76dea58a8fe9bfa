import type { PromiseState } from '#features/ratings/replies/rules.ts'
import { addedUp } from './report-chains.ts'

/** A promise that an agency published before the report's last day, as it stood on that day. */
export interface ReportPromise {
  readonly agencyId: string
  readonly vi: string
  readonly en: string | null
  /** Local dates: the day promised first, which it is measured by, and the one it has now. */
  readonly firstDue: string
  readonly due: string
  readonly state: PromiseState
  /** Tells whether it was not kept by the day promised first. */
  readonly late: boolean
  readonly keptOn: string | null
}

/** A question that is answered in words: they are read as comments, and here is only how many there were. */
export interface ReportTextQuestion {
  readonly version: number
  readonly key: string
  readonly vi: string
  readonly en: string
  /** The number of answers by agency, each month in whole tens. */
  readonly agencies: readonly { readonly id: string; readonly answers: number }[]
}

/** The promises of agencies, and the answers that were given in words. */
export interface ReportVoices {
  readonly promises: readonly ReportPromise[]
  readonly texts: readonly ReportTextQuestion[]
}

/**
 * Returns the promises and answers of some agencies, each under its `heir`. A question without public answers is kept,
 * because it was asked.
 */
export const voicesOf = (
  { promises, texts }: ReportVoices,
  ids: ReadonlySet<string>,
  heir: (id: string) => string = (id) => id,
): ReportVoices => ({
  promises: promises
    .map((one) => ({ ...one, agencyId: heir(one.agencyId) }))
    .filter(({ agencyId }) => ids.has(agencyId)),
  texts: texts.map((one) => ({
    ...one,
    agencies: addedUp(one.agencies, 'answers', heir)
      .filter(({ id }) => ids.has(id))
      .map(({ id, count }) => ({ id, answers: count })),
  })),
})

/** Returns how many promises there are of each standing. */
export function promiseCounts(promises: readonly ReportPromise[]) {
  const count = (which: (one: ReportPromise) => boolean) => promises.filter(which).length
  return {
    made: promises.length,
    kept: count(({ state, late }) => state === 'kept' && !late),
    keptLate: count(({ state, late }) => state === 'kept' && late),
    overdue: count(({ state }) => state === 'overdue'),
    doing: count(({ state }) => state === 'doing'),
    moved: count(({ firstDue, due }) => firstDue !== due),
  }
}
