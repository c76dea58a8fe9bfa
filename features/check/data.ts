import '#server-only'
import DataLoader from 'dataloader'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql } from '#platform/db.ts'
import type { Counter } from '#platform/rate-limits/commands.ts'

interface Check {
  /** Null: count only. */
  readonly key14: string | null
  readonly counter: Counter
  readonly now: Instant
}

/** 0 within the limit, otherwise the seconds until the next check is allowed. */
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

/** Batches the checks of one turn of the event loop into one statement. It adds no wait and caches nothing. */
const checkLoader = new DataLoader(countAndFindAll, {
  cache: false,
  maxBatchSize: 100,
  batchScheduleFn: (send) => setImmediate(send),
})

export const countAndFind = (check: Check): Promise<Answer> => checkLoader.load(check)
