import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant, localDate, MINUTE } from '#lib/time.ts'
import { ChildWorker, type ChildWorkerOptions } from '#platform/child-worker.ts'
import { keyedHash } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { enqueue } from '#platform/queue.ts'
import { currentNetwork } from '#platform/request.ts'
import { inScope } from '#platform/scope.ts'
import { findForJob, type StoredEvidence } from '../files/data.ts'
import type { MediaType } from '../files/rules.ts'
import { openBytes, storeBytes } from '../files.ts'
import type { Copy } from '../pictures.ts'
import {
  beginReading,
  countWaitingFrom,
  type Ended,
  endReading,
  isToBeRead,
  listContactHashes,
  listUnreadFiles,
  putTakenFirst,
} from './data.ts'
import { READER_VERSION } from './rules.ts'

export interface ReadingWork {
  readonly bytes: Uint8Array
  readonly mediaType: MediaType
  /** Letters are recognised too, where barcodes give nothing. */
  readonly text: boolean
}
/** Describes the answer of the process; `drawn` holds pictures of a PDF's pages, in their order. */
export type ReadingResult =
  | { readonly outcome: 'unreadable' }
  | (Extract<Ended, { readonly outcome: 'read' }> & { readonly drawn: readonly Copy[] })

/** After so many tries a file is left alone; in the later ones letters are not recognised. */
const MOST_ATTEMPTS = 3

/** The bounds of the process that reads a file. Megabytes of memory, milliseconds. */
export const READING_PROCESS = {
  script: 'features/evidence/reading.ts',
  heapMb: 256,
  memoryMb: 1024,
  timeLimit: 2 * MINUTE,
  confined: true as const,
}

/**
 * Looks for IMEIs in a file of a case, and keeps what it finds for people to see: nothing is decided by it. A file that
 * takes its process down is given up after {@link MOST_ATTEMPTS} tries; a store that fails throws, and the job comes
 * again.
 */
export const readEvidence = (id: string, now: Instant, limits = READING_PROCESS): Promise<void> =>
  inScope(systemScope(), async () => {
    await read(id, now, limits)
    // The next file is chosen after this one.
    await putTakenFirst()
  })

async function read(id: string, now: Instant, limits: ChildWorkerOptions): Promise<void> {
  if (env().PROOF_READING === 'off') return
  const file = await findForJob(id)
  // A HEIC is read from its copy, and the job that makes the copy asks again.
  if (
    file === null ||
    file.scan === 'infected' ||
    file.state === 'pending' ||
    !(await isToBeRead(file.caseId))
  )
    return
  const work = await workOf(file)
  const attempt = await beginReading(id, READER_VERSION)
  if (attempt === null) return
  const ended = work ? await readApart(work, attempt, limits) : ({ outcome: 'unreadable' } as const)
  const drawn = 'drawn' in ended ? ended.drawn : []
  for (const [at, page] of drawn.entries())
    await storeBytes(file.key, id, `page${at + 1}`, Buffer.from(page.bytes))
  await transaction(async (tx) => {
    if (!(await endReading(tx, file, ended, now))) return
    if (drawn.length > 0) {
      const data = {
        pageWidths: drawn.map(({ width }) => width),
        pageHeights: drawn.map(({ height }) => height),
      }
      await tx.evidence.updateMany({ where: { id }, data })
    }
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'evidence.read',
      subject: { kind: 'evidence', id },
      caseId: file.caseId,
      facts: { state: ended.outcome, count: ended.outcome === 'read' ? ended.found.length : 0 },
      at: now,
    })
  })
}

/** Returns the input of the reading process; null for a HEIC that could not be decoded. */
async function workOf({ key, id, mediaType, viewKey }: StoredEvidence) {
  if (mediaType !== 'image/heic') {
    return { bytes: await openBytes(key, id, 'original'), mediaType: mediaType as MediaType }
  }
  return viewKey && { bytes: await openBytes(key, id, 'view'), mediaType: 'image/jpeg' as const }
}

/** Files that one process reads before another takes its place. */
const MOST_FILES = 20
/** Milliseconds after which a process that waits for a file is ended. */
const IDLE = MINUTE

interface Reader {
  readonly process: ChildWorker<ReadingWork, ReadingResult>
  files: number
}
/** The processes that wait for a picture, each with the timer that ends it. */
const idle = new Map<Reader, NodeJS.Timeout>()

function idleReader(): Reader | undefined {
  for (const [reader, timer] of idle) {
    clearTimeout(timer)
    idle.delete(reader)
    if (reader.process.isAlive) return reader
  }
  return undefined
}

/** Keeps a process for the next picture. One that has read its share, or is worn, is ended. */
function keep(reader: Reader): void {
  const end = () => {
    idle.delete(reader)
    reader.process.end()
  }
  if (reader.files < MOST_FILES && reader.process.isAlive) idle.set(reader, setTimeout(end, IDLE).unref())
  else end()
}

/**
 * Reads a file in a process without keys or network. Pictures come to processes that are kept, as the start is half of
 * what a picture costs. A PDF has one of its own: what it draws is what police look at, so no other sender's file may
 * have been there before. A try that was counted and never ended counts as one that failed.
 */
async function readApart(
  work: Omit<ReadingWork, 'text'>,
  attempt: number,
  limits: ChildWorkerOptions,
): Promise<ReadingResult | { readonly outcome: 'given_up' }> {
  if (attempt > MOST_ATTEMPTS) return { outcome: 'given_up' }
  const shared = work.mediaType !== 'application/pdf' && limits === READING_PROCESS
  const reader = (shared && idleReader()) || { process: new ChildWorker(limits), files: 0 }
  reader.files++
  try {
    const result = await reader.process.ask({ ...work, text: attempt === 1 })
    if (shared) keep(reader)
    else reader.process.end()
    return result
  } catch (error) {
    reader.process.end()
    if (attempt < MOST_ATTEMPTS) throw error
    return { outcome: 'given_up' }
  }
}

/** A file is read within seconds of its coming, or the worker was busy for minutes. */
const WAITED_MS = 30 * MINUTE
/** After everything that somebody has just sent. */
const LAST = -1_000_000
/** Files that are queued again at once: as many as a worker reads within the ten minutes. */
const BATCH = 50

/** Queues files of open cases that were not read: those from before there was a reader, or from while it was off. */
export async function queueUnread(now: Instant): Promise<number> {
  if (env().PROOF_READING === 'off') return 0
  const ids = await inScope(systemScope(), () => listUnreadFiles(addMilliseconds(now, -WAITED_MS), BATCH))
  await transaction(async (tx) => {
    for (const id of ids) await enqueue(tx, 'proof-read', { id }, { priority: LAST })
  })
  return ids.length
}

/** Hexadecimal digits of a source's hash: enough to tell some hundred sources of a day apart, too few to be one's name. */
const DIGITS = 12

/**
 * Returns the network of the request that is being served, for its share of the readers: a hash that is another one each
 * day. Undefined in a job.
 */
export function hashReadingSource(now: Date): string | undefined {
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
  const network = from.network ?? hashReadingSource(now)
  const contacts = from.contacts ?? (await listContactHashes(tx, caseId))
  const sources = [
    ...contacts.map((hash) => hash.slice(0, DIGITS)),
    ...(network === undefined ? [] : [network]),
  ]
  const place = await countWaitingFrom(tx, sources)
  for (const [at, id] of files.entries())
    await enqueue(tx, 'proof-read', { id, from: sources }, { priority: -(place + at) })
}
