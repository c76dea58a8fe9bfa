import '#server-only'
import { MINUTE } from '#lib/time.ts'
import { log } from './log.ts'

/**
 * Counts in memory and writes what was counted a minute later, together for this process: no row of a count belongs to the
 * transaction of what is counted, and nobody waits for it. A process that ends loses at most the last minute.
 *
 * @param write adds to the count of a key
 */
export function minuteCounts(what: string, write: (key: string, count: number) => Promise<void>) {
  const counted = new Map<string, number>()
  let timer: NodeJS.Timeout | null = null
  /** Writes what this process has counted; what fails is counted with the next. */
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
