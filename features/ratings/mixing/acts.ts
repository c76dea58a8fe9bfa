import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import { firstDay, monthOf, monthsLater } from '#features/results/rules.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { randomBuffer } from '#platform/crypto.ts'
import { isLockTimeout } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { minuteCounts } from '#platform/minute-counts.ts'
import {
  addAnswers,
  countRowsToShuffle,
  SHUFFLED,
  type Shuffled,
  shufflePart,
  vacuumAnswers,
} from './data.ts'

/** Rows per transaction: it locks their table for about 200 ms. */
const AT_A_TIME = 5_000
/** The tries to lock a table, and the pause between two tries for its writers, in milliseconds. */
const TRIES = 40
const PAUSE = 250

/**
 * Removes from the survey's tables what the order of rows would reveal: which answer a receipt, a comment, a dossier code, a
 * form's key or a time belongs to. Rewrites all rows of this month and the last, even if few are new: each table by itself, in
 * its own random order. A run that is stopped leaves the remaining tables to the next one.
 *
 * @returns the number of rows written, by table
 */
export async function shuffleAnswers(
  now: Instant,
  stopping?: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const from = firstDay(monthsLater(monthOf(now), -1))
  const written: Record<string, number> = {}
  for (const table of shuffle(SHUFFLED)) {
    if (stopping?.aborted) break
    written[table] = await mixTable(table, from, stopping)
    await vacuumAnswers(table).catch((err: unknown) => log().warn({ err, table }, 'a table was not vacuumed'))
  }
  return written
}

async function mixTable(table: Shuffled, from: Instant, stopping?: AbortSignal): Promise<number> {
  const parts = Math.ceil((await countRowsToShuffle(table, from)) / AT_A_TIME)
  const salt = randomBuffer(16).toString('hex')
  let written = 0
  for (let part = 0; part < parts && !stopping?.aborted; part++) {
    written += await patiently(() => shufflePart(table, from, { part, parts, salt }))
  }
  return written
}

/** Retries work that locks a table. Each try times out quickly, so that writers do not wait. */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await work()
    } catch (error) {
      if (tries >= TRIES || !isLockTimeout(error)) throw error
    }
    await sleep(PAUSE)
  }
}

/** Returns the tables in random order: a fixed order would show which was written first. */
const shuffle = <T>(all: readonly T[]): readonly T[] =>
  all
    .map((one) => ({ one, at: randomBuffer(4).readUInt32BE() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ one }) => one)

const days = minuteCounts('answers a day', addAnswers)

/** Counts a recorded answer in the survey manager's table of answers per day, apart from the answer. */
export const countAnswer = (now: Instant): void => days.count(localDate(now))

export const writeCounted = days.flush
