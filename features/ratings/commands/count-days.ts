import '#server-only'
import { type Instant, localDate, MINUTE } from '#lib/time.ts'
import { log } from '#platform/log.ts'
import { addAnswers } from '../repository/days.ts'

const counted = new Map<string, number>()
let timer: NodeJS.Timeout | null = null

/**
 * Counts an answer that was recorded, for the survey manager's answers a day. It is written a minute later with the others
 * of this process: no row of the count is of an answer's transaction, and answers do not wait for each other's day. What
 * a process has not written when it ends is lost, which is about a minute.
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
