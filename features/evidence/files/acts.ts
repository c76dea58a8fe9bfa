import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import { type CaseKey, sameBytes, seal } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, keyFor } from '#platform/idempotency/commands.ts'
import { log } from '#platform/log.ts'
import { isOverloaded } from '#platform/overload.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { withSemaphore } from '#platform/semaphore.ts'
import { isScanning } from '#platform/virus-scanner.ts'
import { inspect } from '../content.ts'
import { openBytes, removeFiles, storageKey, store, storeBytes } from '../files.ts'
import { hashReadingSource, queueReading } from '../readings/acts.ts'
import { findFile, isSent, list, lockFiles } from './data.ts'
import { MAX_FILES } from './limits-rules.ts'
import { type FileReader, type OpenFile, openEvidence } from './page-data.ts'
import { cleanFileName, type EvidenceFault, type EvidenceKind, type MediaType } from './rules.ts'

export { removeFiles as removeEvidenceFiles } from '../files.ts'

/** A file as `readMultipart` returns it. */
export interface ArrivingFile {
  readonly fileName: string
  readonly content: Readable
  readonly seen: () => {
    readonly bytes: number
    readonly sha256: Buffer<ArrayBuffer>
    readonly whole: boolean
  }
  readonly signal: AbortSignal
}

/** A complete, checked file in the store that belongs to no case yet. */
export interface ReceivedFile {
  readonly id: string
  readonly fileName: string | null
  readonly mediaType: MediaType
  readonly byteSize: number
  readonly sha256: Buffer<ArrayBuffer>
  readonly view: { readonly width: number; readonly height: number } | null
}

/** A check holds the file and its pixels in memory, so only a few run at once. */
const CHECKS = { limit: 2 }

/**
 * Receives a file: streams it into the store, sealed under the case's key, then reads it back, detects its type, decodes it and
 * makes the copy for viewing. Plain bytes never touch the disk. A refused or interrupted file leaves nothing behind. If the store
 * is away, the file has the fault `failed`, so that the rest of the form is still read and nobody types it again.
 *
 * The file belongs to nothing until {@link keepEvidence} saves it; otherwise pass it to {@link discardFiles}.
 */
export async function receiveFile(
  key: CaseKey,
  file: ArrivingFile,
): Promise<Result<ReceivedFile, EvidenceFault>> {
  const id = randomUUID()
  try {
    await store(key, id, 'original', file.content, file.signal)
    const result = await withSemaphore('evidence checks', CHECKS, () => check(key, id, file))
    if (!result.ok) await removeFiles([id])
    return result
  } catch (error) {
    await removeFiles([id])
    if (file.signal.aborted || !isAway(error)) throw error
    log().error({ err: error }, 'a file could not be stored')
    return err('failed')
  }
}

/** Returns whether an error comes from the store or its database (also a full disk), and not from a bug. */
const isAway = (error: unknown): boolean =>
  isOverloaded(error) || (error instanceof Error && 'syscall' in error)

async function check(
  key: CaseKey,
  id: string,
  file: ArrivingFile,
): Promise<Result<ReceivedFile, EvidenceFault>> {
  const { bytes: byteSize, sha256, whole } = file.seen()
  if (!whole) return err('too_large')
  const content = await inspect(await openBytes(key, id, 'original'))
  if (!content.ok) return content
  const { mediaType, view } = content.value
  if (view) await storeBytes(key, id, 'view', view.bytes)
  return ok({
    id,
    fileName: cleanFileName(file.fileName),
    mediaType,
    byteSize,
    sha256,
    view: view && { width: view.width, height: view.height },
  })
}

/** Returns whether the store failed to take one of the files, which is no fault of the file or its sender. */
export const wasNotStored = (received: readonly Result<ReceivedFile, EvidenceFault>[]): boolean =>
  received.some((file) => !file.ok && file.error === 'failed')

export const discardFiles = (received: readonly Result<ReceivedFile, EvidenceFault>[]): Promise<void> =>
  removeFiles(received.flatMap((file) => (file.ok ? [file.value.id] : [])))

interface KeptEvidence {
  readonly key: CaseKey
  readonly actor: Actor
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
  /** The event that the files came with; null for files of the report itself. */
  readonly eventSeq: number | null
}

/**
 * Saves received files in the caller's transaction, with their audit entries and the jobs that make missing copies. A repeated
 * file is kept once per case; the result lists the repeated ones, to be discarded after the transaction. `too_many` counts the
 * files of the same event.
 */
export async function keepEvidence(
  tx: Tx,
  input: KeptEvidence,
  now: Instant,
): Promise<Result<{ readonly repeated: readonly ReceivedFile[] }, 'too_many' | 'gone'>> {
  const { caseId } = input.key
  if ((await lockFiles(tx, caseId)) === null) return err('gone')
  // A report that was sent in the meantime takes new files only with an event.
  if (input.eventSeq === null && (await isSent(tx, caseId))) return err('gone')
  const stored = await tx.evidence.findMany({ where: { caseId }, select: { sha256: true, eventSeq: true } })
  const fresh: ReceivedFile[] = []
  for (const file of input.files) {
    if (![...stored, ...fresh].some((other) => sameBytes(other.sha256, file.sha256))) fresh.push(file)
  }
  const already = stored.filter((file) => file.eventSeq === input.eventSeq).length
  if (already + fresh.length > MAX_FILES) return err('too_many')
  // One millisecond apart, so that they keep their order.
  for (const [at, file] of fresh.entries()) await write(tx, input, file, new Date(now.getTime() + at))
  return ok({ repeated: input.files.filter((file) => !fresh.includes(file)) })
}

/**
 * Adds received files to a draft, once per `submitKey`. Files that are not kept are removed from the store; `repeated` counts
 * those that the draft already had. After an unexpected failure it is unknown which were kept, so none is removed: the sweep
 * finds those that belong to nothing.
 */
export async function addEvidence(
  { submitKey, ...input }: Omit<KeptEvidence, 'eventSeq'> & { readonly submitKey: string },
  now: Instant,
): Promise<Result<{ readonly repeated: number }, 'too_many' | 'gone'>> {
  const all = input.files.map((file) => file.id)
  const { caseId } = input.key
  // The same form may come again with other files, if a browser still has it open; that is a new submission.
  const key = keyFor(submitKey, caseId, ...input.files.map(({ sha256 }) => sha256.toString('hex')))
  type Kept = { kept: string[]; repeated: number }
  const done = await inScope(citizenScope(caseId, 'full'), () =>
    actOnce<Kept, 'too_many' | 'gone'>(key, 'evidence.add', now, async (tx) => {
      const added = await keepEvidence(tx, { ...input, eventSeq: null }, now)
      if (!added.ok) return added
      const repeated = added.value.repeated.map((file) => file.id)
      return ok({ kept: all.filter((id) => !repeated.includes(id)), repeated: repeated.length })
    }),
  )
  await removeFiles(done.ok ? all.filter((id) => !done.value.kept.includes(id)) : all)
  return done.ok ? ok({ repeated: done.value.repeated }) : done
}

async function write(tx: Tx, { key, actor, kind, eventSeq }: KeptEvidence, file: ReceivedFile, now: Instant) {
  const pending = file.mediaType === 'image/heic'
  const { id, fileName, mediaType, byteSize, sha256, view } = file
  await tx.evidence.create({
    data: {
      ...{ id, caseId: key.caseId, kind, mediaType, byteSize, sha256, eventSeq, createdAt: now },
      state: pending ? 'pending' : 'ready',
      sealed: seal(key, `evidence:${id}`, { fileName }),
      originalKey: storageKey(id, 'original'),
      viewKey: view && storageKey(id, 'view'),
      viewWidth: view?.width ?? null,
      viewHeight: view?.height ?? null,
    },
    select: { id: true },
  })
  await audit(tx, {
    actor,
    act: 'evidence.add',
    subject: { kind: 'evidence', id },
    caseId: key.caseId,
    facts: { kind, mediaType, byteSize },
    at: now,
  })
  if (isScanning()) await enqueue(tx, 'evidence-scan', { id })
  const from = hashReadingSource(now)
  if (pending) await enqueue(tx, 'evidence-derive', { id, ...(from && { from }) })
  // Files of a draft are read after it is sent.
  else if (eventSeq !== null) await queueReading(tx, key.caseId, [id], now)
}

/** Returns the ids of a draft's files and locks them: none is added or removed until the caller's transaction ends. */
export const lockEvidence = async (tx: Tx, caseId: string): Promise<readonly string[]> =>
  (await lockFiles(tx, caseId)) ?? []

/**
 * Queues the reading of a case's files in the transaction that sends the case, and tells the person if a virus was already found.
 * `contacts` are the hashes of the case's contact.
 */
export async function queueSentFiles(
  tx: Tx,
  caseId: string,
  { files, contacts }: { readonly files: readonly string[]; readonly contacts: readonly string[] },
  now: Instant,
): Promise<void> {
  await queueReading(tx, caseId, files, now, { contacts })
  if (isScanning() && (await hasInfected(tx, caseId))) await enqueue(tx, 'file-refused', { caseId })
}

const hasInfected = async (tx: Tx, caseId: string): Promise<boolean> =>
  (await tx.evidence.findFirst({ where: { caseId, scan: 'infected' }, select: { id: true } })) !== null

/** Removes a file from a draft. Returns false if there is no such file or the report has been sent. */
export async function removeEvidence(
  scope: CaseScope,
  actor: Actor,
  id: string,
  now: Instant,
): Promise<boolean> {
  const removed = await inScope(scope, () =>
    transaction(async (tx) => {
      const file = await findFile(scope, id, tx)
      if (!file || (await lockFiles(tx, file.caseId)) === null || (await isSent(tx, file.caseId)))
        return false
      // Another request has deleted it in the meantime.
      if ((await tx.evidence.deleteMany({ where: { id } })).count === 0) return false
      await noteErased(tx, 'evidence', [id], now)
      await audit(tx, {
        actor,
        act: 'evidence.remove',
        subject: { kind: 'evidence', id },
        caseId: file.caseId,
        at: now,
      })
      return true
    }),
  )
  if (removed) await removeFiles([id])
  return removed
}

/**
 * Opens the original file for saving. Staff must confirm (`pressed`), because the file comes from a stranger and leaves the
 * protected viewer. Their access is logged before the first byte is sent.
 */
export async function openOriginal(
  reader: FileReader,
  id: string,
  now: Instant,
  pressed: 'once' | 'twice' = 'once',
): Promise<OpenFile | null> {
  if (reader.actor.kind === 'staff' && pressed === 'once') return null
  const file = await openEvidence(reader, id, 'original', now)
  const { actor } = reader
  if (!file || actor.kind !== 'staff') return file
  try {
    await transaction((tx) =>
      audit(tx, {
        actor,
        act: 'evidence.open_original',
        subject: { kind: 'evidence', id },
        caseId: file.caseId,
        at: now,
      }),
    )
  } catch (error) {
    // Nobody will read the stream, so it must be closed.
    file.content.destroy()
    throw error
  }
  return file
}

/**
 * Copies a person's files to another of their drafts, sealed under that draft's key; the originals stay. Infected files are left
 * out. A repeated `submitKey` copies once.
 */
export async function copyEvidence(
  from: string,
  key: CaseKey,
  submitKey: string,
  now: Instant,
): Promise<void> {
  const actor = { kind: 'citizen' } as const
  for (const file of await list(citizenScope(from, 'full'), from)) {
    if (file.scan === 'infected') continue
    const bytes = await openBytes(file.key, file.id, 'original')
    const sha256 = createHash('sha256').update(bytes).digest()
    const received = await receiveFile(key, {
      fileName: file.fileName ?? '',
      content: Readable.from([bytes]),
      seen: () => ({ bytes: bytes.length, sha256, whole: true }),
      signal: AbortSignal.timeout(MINUTE),
    })
    if (!received.ok) await discardFiles([received])
    else
      await addEvidence(
        { key, actor, kind: file.kind, files: [received.value], submitKey: keyFor(submitKey, file.id) },
        now,
      )
  }
}
