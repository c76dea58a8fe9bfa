import '#server-only'
import DataLoader from 'dataloader'
import type { Instant } from '#lib/time.ts'
import { queryOutsideTransaction, sql, type Tx } from '#platform/db.ts'

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

interface ListAnswer {
  /** True when the whole list is within the limit; otherwise nothing was looked up and nothing counts. */
  readonly allowed: boolean
  readonly remaining: number
  readonly reported: readonly string[]
}

/** Counts each phone of a list against one limit and looks all of them up, in one statement. */
export async function countAndFindList(
  tx: Tx,
  {
    keys14,
    counter,
    now,
  }: { readonly keys14: readonly string[]; readonly counter: Counter; readonly now: Instant },
): Promise<ListAnswer> {
  const [answer] = await tx.$queryRaw<ListAnswer[]>`
    SELECT allowed, remaining, reported FROM check_imei_list(
      ${[...keys14]}, ${counter.keyHash}, ${counter.amount}::integer, ${counter.window}::integer, ${now})`
  if (!answer) throw new Error('check_imei_list did not answer')
  return answer
}
