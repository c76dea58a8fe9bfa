import '#server-only'
import DataLoader from 'dataloader'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql } from '#platform/db.ts'

export interface Counter {
  readonly keyHash: Uint8Array
  readonly amount: number
  readonly window: number
}

interface Check {
  /** Null only counts. */
  readonly key14: string | null
  readonly counter: Counter
  readonly now: Instant
}

/** `wait` is 0 within the limit, otherwise the seconds until the next is allowed. */
interface Answer {
  readonly wait: number
  readonly reported: boolean
}

async function countAndFindAll(checks: readonly Check[]): Promise<Answer[]> {
  const last = checks.at(-1)
  if (!last) return []
  const answers = await queryOutsideTransaction<{ wait: number; reported: boolean }>(sql`
    SELECT wait, reported FROM check_imeis(${checks.map(({ key14 }) => key14)},
      ${checks.map(({ counter }) => counter.keyHash)}, ${last.counter.amount}, ${last.counter.window}, ${last.now})`)
  if (answers.length !== checks.length) throw new Error('check_imeis did not answer each')
  return answers
}

/**
 * The loader that sends the checks of one turn of the event loop to the database together: alone on a quiet day and
 * without waiting, by the dozen when everybody asks at once. Nothing is remembered.
 */
const checkLoader = new DataLoader(countAndFindAll, {
  cache: false,
  maxBatchSize: 100,
  batchScheduleFn: (send) => setImmediate(send),
})

/** Counts one check against its limit and looks its phone up, in one statement. */
export const countAndFind = (check: Check): Promise<Answer> => checkLoader.load(check)
