import '#server-only'
import { type Instant, localDate, MINUTE } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import { addAnswers } from '../repository/days.ts'

const counted = new Map<string, number>()
let timer: NodeJS.Timeout | null = null

/**
 * Counts a recorded answer for the survey manager's table of answers by day. Counts are written a minute later,
 * together for this process: so no row of the count belongs to an answer's transaction, and answers do not wait for the
 * day's row. A process that ends loses at most the last minute.
 */
export function countAnswer(now: Instant): void {
  const day = localDate(now)
  counted.set(day, (counted.get(day) ?? 0) + 1)
  timer ??= setTimeout(() => {
    writeCounted().catch((error: unknown) => log().warn({ err: error }, 'answers a day not counted'))
  }, MINUTE).unref()
}

/** Writes what this process has counted; what fails is counted with the next. */
export async function writeCounted(): Promise<void> {
  if (timer !== null) clearTimeout(timer)
  timer = null
  const some = [...counted]
  counted.clear()
  for (const [day, answers] of some) {
    try {
      await addAnswers(day, answers)
    } catch (error) {
      counted.set(day, (counted.get(day) ?? 0) + answers)
      throw error
    }
  }
}
