import '#server-only'
import { MINUTE } from '#lib/time.ts'
import { log } from './log.ts'

/**
 * Counts in memory and writes the counts once a minute for this process. So a count is in no transaction of the counted act,
 * and nobody waits for it. A process that ends loses at most the last minute.
 *
 * @param write adds to the count of a key
 */
export function minuteCounts(what: string, write: (key: string, count: number) => Promise<void>) {
  const counted = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null
  /** Writes the counts; a failed one is kept for the next run. */
  async function flush(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const some = [...counted]
    counted.clear()
    for (const [key, count] of some) {
      try {
        await write(key, count)
      } catch (error) {
        counted.set(key, (counted.get(key) ?? 0) + count)
        throw error
      }
    }
  }
  function count(key: string): void {
    counted.set(key, (counted.get(key) ?? 0) + 1)
    timer ??= setTimeout(() => {
      flush().catch((err: unknown) => log().warn({ err, what }, 'counts not written'))
    }, MINUTE).unref()
  }
  return { count, flush }
}
