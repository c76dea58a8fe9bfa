import '#server-only'
import { audit } from '#features/audit/commands.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { ChildWorker, type ChildWorkerOptions } from '#platform/child-worker.ts'
import { transaction } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { openBytes, storeBytes } from '../files.ts'
import type { Copy } from '../pictures.ts'
import { findForJob, recordPages, type StoredEvidence } from '../repository/evidence.ts'
import { beginReading, type Ended, endReading, isToBeRead, unreadFiles } from '../repository/readings.ts'
import type { MediaType } from '../rules/media-type.ts'

/** A file for the reading process. */
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

/** Kept with what was read. Raise it where the reader finds more than before. */
const READER_VERSION = 2

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
  inScope(systemScope(), () => read(id, now, limits))

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
    if (drawn.length > 0) await recordPages(tx, id, drawn)
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

/** Reads a file in a process that ends with it. A try that was counted and never ended counts as one that failed. */
async function readApart(
  work: Omit<ReadingWork, 'text'>,
  attempt: number,
  limits: ChildWorkerOptions,
): Promise<ReadingResult | { readonly outcome: 'given_up' }> {
  if (attempt > MOST_ATTEMPTS) return { outcome: 'given_up' }
  const reader = new ChildWorker<ReadingWork, ReadingResult>(limits)
  try {
    return await reader.ask({ ...work, text: attempt === 1 })
  } catch (error) {
    if (attempt < MOST_ATTEMPTS) throw error
    return { outcome: 'given_up' }
  } finally {
    reader.end()
  }
}

/** A file is read within seconds of its coming, or the worker was busy for minutes. */
const WAITED_MS = 30 * MINUTE
/** Files that are queued again at once: as many as a worker reads within the ten minutes. */
const BATCH = 50

/** Queues files of open cases that were not read: those from before there was a reader, or from while it was off. */
export async function queueUnread(now: Instant): Promise<number> {
  if (env().PROOF_READING === 'off') return 0
  const ids = await inScope(systemScope(), () => unreadFiles(addMilliseconds(now, -WAITED_MS), BATCH))
  await transaction(async (tx) => {
    for (const id of ids) await enqueue(tx, 'proof-read', { id })
  })
  return ids.length
}
