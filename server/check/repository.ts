import '#server-only'
import DataLoader from 'dataloader'
import type { Instant } from '#domain/time.ts'
import { aside } from '#server/platform/aside.ts'

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
  const answers = await aside<{ wait: number; reported: boolean }>(
    'check_imeis',
    'SELECT wait, reported FROM check_imeis($1, $2, $3, $4, $5)',
    [
      checks.map(({ key14 }) => key14),
      checks.map(({ counter }) => counter.keyHash),
      last.counter.amount,
      last.counter.window,
      last.now,
    ],
  )
  if (answers.length !== checks.length) throw new Error('check_imeis did not answer each')
  return answers
}

/**
 * What arrives in one turn of the event loop goes to the database together: alone on a quiet day and without waiting,
 * by the dozen when everybody asks at once. Nothing is remembered.
 */
const together = new DataLoader(countAndFindAll, {
  cache: false,
  maxBatchSize: 100,
  batchScheduleFn: (send) => setImmediate(send),
})

/** Counts one check against its limit and looks its phone up, in one statement. */
export const countAndFind = (check: Check): Promise<Answer> => together.load(check)
