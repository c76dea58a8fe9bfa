import '#server-only'
import { localDate } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import type { Tx } from '#platform/db.ts'
import { enqueue } from '#platform/queue.ts'
import { currentNetwork } from '#platform/request.ts'
import { contactHashes, waitingFrom } from './queue-data.ts'

/** Hexadecimal digits of a source's hash: enough to tell some hundred sources of a day apart, too few to be one's name. */
const DIGITS = 12

/**
 * Returns the network of the request that is being served, for its share of the readers: a hash that is another one each
 * day. Undefined in a job.
 */
export function readingSource(now: Date): string | undefined {
  const network = currentNetwork()
  if (network === null) return undefined
  return Buffer.from(keyedHash('reading-source', `${localDate(now)} ${network}`))
    .toString('hex')
    .slice(0, DIGITS)
}

/**
 * Has files of a case read, in the caller's transaction. Each file stands behind as many others as wait from the same
 * contact or network already, so that nobody keeps the readers from everybody else.
 *
 * @param from the network of the request that brought them, and the hashes of the case's contact, where the database does not
 *   have them yet: a case that is being made is written at the end of its transaction
 */
export async function queueReading(
  tx: Tx,
  caseId: string,
  files: readonly string[],
  now: Date,
  from: { readonly network?: string | undefined; readonly contacts?: readonly string[] } = {},
): Promise<void> {
  if (files.length === 0) return
  const network = from.network ?? readingSource(now)
  const contacts = from.contacts ?? (await contactHashes(tx, caseId))
  const sources = [
    ...contacts.map((hash) => hash.slice(0, DIGITS)),
    ...(network === undefined ? [] : [network]),
  ]
  const place = await waitingFrom(tx, sources)
  for (const [at, id] of files.entries())
    await enqueue(tx, 'proof-read', { id, from: sources }, { priority: -(place + at) })
}
