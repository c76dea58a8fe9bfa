import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant, localDate, MINUTE } from '#lib/time.ts'
import { ChildWorker, type ChildWorkerOptions } from '#platform/child-worker.ts'
import { keyedHash, seal } from '#platform/crypto.ts'
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
  isToBeRead,
  listUnreadFiles,
  placeOf,
  putTakenFirst,
} from './data.ts'
import { READER_VERSION } from './rules.ts'

export interface ReadingWork {
  readonly bytes: Uint8Array
  readonly mediaType: MediaType
  /** Also recognises letters if barcodes give nothing. */
  readonly text: boolean
}
/** The answer of the process; `drawn` holds the pictures of a PDF's pages in order. */
export type ReadingResult =
  | { readonly outcome: 'unreadable' }
  | (Extract<Ended, { readonly outcome: 'read' }> & { readonly drawn: readonly Copy[] })

/** After this many tries a file is given up; only the first try recognises letters. */
const MOST_ATTEMPTS = 3

/** Limits of the process that reads a file. Megabytes of memory, milliseconds. */
export const READING_PROCESS = {
  script: 'features/evidence/reading.ts',
  heapMb: 256,
  memoryMb: 1024,
  timeLimit: 2 * MINUTE,
  confined: true as const,
}

/**
 * Searches a file of a case for IMEIs and stores them for people to see; nothing is decided by them. A file that crashes its
 * process is given up after {@link MOST_ATTEMPTS} tries. If the store fails, the job throws and runs again.
 */
export const readEvidence = (id: string, now: Instant, limits = READING_PROCESS): Promise<void> =>
  inScope(systemScope(), async () => {
    await read(id, now, limits)
    // Sets priorities before the worker takes its next file.
    await putTakenFirst()
  })

async function read(id: string, now: Instant, limits: ChildWorkerOptions): Promise<void> {
  if (env().PROOF_READING === 'off') return
  const file = await findForJob(id)
  // A HEIC is read from its copy; the job that makes the copy queues the reading again.
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
    const { count } = await tx.evidenceReading.updateMany({
      where: { evidenceId: id, outcome: null },
      data: {
        ...{ outcome: ended.outcome, readAt: now },
        ...(ended.outcome === 'read' && {
          ...{ pages: ended.pages, pagesRead: ended.pagesRead },
          sealed: seal(file.key, placeOf(id), { found: ended.found }),
        }),
      },
    })
    // Another run has stored it, or the file is gone.
    if (count === 0) return
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

/** Files that one process reads before a new one replaces it. */
const MOST_FILES = 20
/** Milliseconds after which an idle process is ended. */
const IDLE = MINUTE

interface Reader {
  readonly process: ChildWorker<ReadingWork, ReadingResult>
  files: number
}
const idle = new Map<Reader, NodeJS.Timeout>()

function idleReader(): Reader | undefined {
  for (const [reader, timer] of idle) {
    clearTimeout(timer)
    idle.delete(reader)
    if (reader.process.isAlive) return reader
  }
  return undefined
}

/** Keeps a process for the next picture, unless it has read its share or has died. */
function keep(reader: Reader): void {
  const end = () => {
    idle.delete(reader)
    reader.process.end()
  }
  if (reader.files < MOST_FILES && reader.process.isAlive) idle.set(reader, setTimeout(end, IDLE).unref())
  else end()
}

/**
 * Reads a file in a process without keys or network. Processes are reused for pictures, because starting one is half the cost of
 * a picture. A PDF gets its own process: police look at the pages it draws, so another sender's file must not have run there
 * before. A try that was counted but never ended counts as failed.
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

/** A file that waits longer than this was missed: reading starts within seconds, or minutes if the worker is busy. */
const WAITED_MS = 30 * MINUTE
/** Behind everything that somebody has just sent. */
const LAST = -1_000_000
/** Files queued again at once: as many as a worker reads in the ten minutes between runs. */
const BATCH = 50

/** Queues unread files of open cases: from before reading existed, or from while it was off. */
export async function queueUnread(now: Instant): Promise<number> {
  if (env().PROOF_READING === 'off') return 0
  const ids = await inScope(systemScope(), () => listUnreadFiles(addMilliseconds(now, -WAITED_MS), BATCH))
  await transaction(async (tx) => {
    for (const id of ids) await enqueue(tx, 'proof-read', { id }, { priority: LAST })
  })
  return ids.length
}

/** Hexadecimal digits of a source's hash: enough to distinguish some hundred sources a day, too few to identify one. */
const DIGITS = 12

/** Returns a hash of the current request's network, for its share of the readers; it changes daily. Undefined in a job. */
export function hashReadingSource(now: Date): string | undefined {
  const network = currentNetwork()
  if (network === null) return undefined
  return Buffer.from(keyedHash('reading-source', `${localDate(now)} ${network}`))
    .toString('hex')
    .slice(0, DIGITS)
}

/**
 * Queues files of a case for reading, in the caller's transaction. Each file waits behind as many others as its contact or
 * network already has waiting, so that nobody blocks the readers for everybody else.
 *
 * @param from the network of the request, and the contact hashes of the case if the database does not have them yet: a new
 *   case is written at the end of its transaction
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
  const indexes = { where: { caseId, kind: 'contact' }, select: { hash: true } } as const
  const contacts =
    from.contacts ??
    (await tx.blindIndex.findMany(indexes)).map(({ hash }) => Buffer.from(hash).toString('hex'))
  const sources = [
    ...contacts.map((hash) => hash.slice(0, DIGITS)),
    ...(network === undefined ? [] : [network]),
  ]
  const place = await countWaitingFrom(tx, sources)
  for (const [at, id] of files.entries())
    await enqueue(tx, 'proof-read', { id, from: sources }, { priority: -(place + at) })
}
