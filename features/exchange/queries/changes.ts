import '#server-only'
import { createHash } from 'node:crypto'
import { err, ok, type Result } from '#lib/result.ts'
import { isDraining } from '#platform/draining.ts'
import { nextSignal } from '#platform/signals.ts'
import { findBookHead } from '../carriers/data.ts'
import { linesAfter } from '../repository/book.ts'
import { digestLine } from '../rules/book.ts'
import type { Changes, SentLine } from '../rules/interface.ts'

/** The time after which a new line is noticed when no signal comes through, in milliseconds. */
const POLL_MS = 1_000

export interface ChangesQuery {
  readonly after: number
  readonly limit: number
  /** Seconds to wait for a line when there is none. */
  readonly wait: number
}

/**
 * Returns the lines of a carrier's book after a sequence. Where there are none it waits, holding no database
 * connection, until there is one, the time is up, the carrier hangs up or this process drains. Reading changes nothing.
 */
export async function changes(
  carrierId: string,
  query: ChangesQuery,
  hungUp: AbortSignal,
): Promise<Result<Changes, 'beyond_head'>> {
  const until = performance.now() + query.wait * 1000
  for (let waited = false; ; waited = true) {
    const head = await findBookHead(carrierId)
    if (query.after > head) return err('beyond_head')
    const left = until - performance.now()
    const over = left <= 0 || hungUp.aborted || (waited && isDraining())
    if (head > query.after || over) return ok(await read(carrierId, query, head))
    await nextSignal('book', carrierId, Math.min(POLL_MS, left), hungUp)
  }
}

async function read(carrierId: string, { after, limit }: ChangesQuery, head: number): Promise<Changes> {
  return answer(after, head, head > after ? await linesAfter(carrierId, after, head, limit) : [])
}

/** Returns the same answer for a range that was cut before: it is the same whenever it is read again. */
export async function changesIn(
  carrierId: string,
  { after, upTo, head }: { readonly after: number; readonly upTo: number; readonly head: number },
): Promise<Changes> {
  return answer(after, head, upTo > after ? await linesAfter(carrierId, after, upTo, upTo - after) : [])
}

function answer(after: number, head: number, entries: readonly SentLine[]): Changes {
  const digest = createHash('sha256')
  for (const entry of entries) digest.update(digestLine(entry))
  return { after, next: entries.at(-1)?.seq ?? after, head, sha256: digest.digest('hex'), entries }
}
