import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { Actor } from '#lib/access/actor.ts'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, MINUTE } from '#lib/time.ts'
import { type CaseKey, sameBytes } from '#platform/crypto.ts'
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
import { findFile, insertFile, isSent, list, lockFiles } from './data.ts'
import { MAX_FILES } from './limits-rules.ts'
import { type FileReader, type OpenFile, openEvidence } from './page-data.ts'
import { cleanFileName, type EvidenceFault, type EvidenceKind, type MediaType } from './rules.ts'

export { removeFiles as removeEvidenceFiles } from '../files.ts'

/** A file as `readMultipart` hands it over. */
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

/** A file that lies in the store, whole and checked, and belongs to nothing yet. */
export interface ReceivedFile {
  readonly id: string
  readonly fileName: string | null
  readonly mediaType: MediaType
  readonly byteSize: number
  readonly sha256: Buffer<ArrayBuffer>
  readonly view: { readonly width: number; readonly height: number } | null
}

/** Checking one holds it and its pixels in memory: a few at once, however many people send. */
const CHECKS = { limit: 2 }

/**
 * Takes a file in: streams it, sealed under the case's key, into the store; then reads it back from there, finds
 * out what it is, decodes it and makes the copy for viewing. Plain bytes never touch the disk. What is refused, or
 * breaks off, leaves nothing. A store that is away is a fault like any other (`failed`), so that the rest of the form is still
 * read and nobody types it again.
 *
 * The file belongs to nothing until {@link keepEvidence} writes it down; give it to {@link discardFiles} otherwise.
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

/** Tells a store, or its database, that does not do its part (a full disk too) from a fault of the code. */
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

/** Tells whether the store did not take one of these: no fault of the file or its sender. */
export const wasNotStored = (received: readonly Result<ReceivedFile, EvidenceFault>[]): boolean =>
  received.some((file) => !file.ok && file.error === 'failed')

/** Removes files that were received and are not wanted after all. */
export const discardFiles = (received: readonly Result<ReceivedFile, EvidenceFault>[]): Promise<void> =>
  removeFiles(received.flatMap((file) => (file.ok ? [file.value.id] : [])))

interface KeptEvidence {
  readonly key: CaseKey
  readonly actor: Actor
  readonly kind: EvidenceKind
  readonly files: readonly ReceivedFile[]
  /** The event they come with; null with the report itself. */
  readonly eventSeq: number | null
}

/**
 * Writes received files down in the caller's transaction, with their audit entries and the job that makes missing
 * copies. The same file twice in one case is kept once; those not kept are answered, to be discarded once the
 * transaction is through. `too_many` counts what came with the same event.
 */
export async function keepEvidence(
  tx: Tx,
  input: KeptEvidence,
  now: Instant,
): Promise<Result<{ readonly repeated: readonly ReceivedFile[] }, 'too_many' | 'gone'>> {
  const { caseId } = input.key
  if ((await lockFiles(tx, caseId)) === null) return err('gone')
  // A report that was sent meanwhile takes no more files but with an event.
  if (input.eventSeq === null && (await isSent(tx, caseId))) return err('gone')
  const stored = await tx.evidence.findMany({ where: { caseId }, select: { sha256: true, eventSeq: true } })
  const fresh: ReceivedFile[] = []
  for (const file of input.files) {
    if (![...stored, ...fresh].some((other) => sameBytes(other.sha256, file.sha256))) fresh.push(file)
  }
  const already = stored.filter((file) => file.eventSeq === input.eventSeq).length
  if (already + fresh.length > MAX_FILES) return err('too_many')
  // A millisecond apart, so that they keep their order.
  for (const [at, file] of fresh.entries()) await write(tx, input, file, new Date(now.getTime() + at))
  return ok({ repeated: input.files.filter((file) => !fresh.includes(file)) })
}

/**
 * Adds received files to a draft, once a `submitKey`. A file that is not kept is removed from the store again; `repeated`
 * counts the files that the draft had already. After an unexpected failure it is not known which were kept, so none is
 * removed: the sweep finds those that belong to nothing.
 */
export async function addEvidence(
  { submitKey, ...input }: Omit<KeptEvidence, 'eventSeq'> & { readonly submitKey: string },
  now: Instant,
): Promise<Result<{ readonly repeated: number }, 'too_many' | 'gone'>> {
  const all = input.files.map((file) => file.id)
  const { caseId } = input.key
  // Other files in the same form, which a browser may still have open, are another sending.
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
  await insertFile(tx, key, {
    id: file.id,
    caseId: key.caseId,
    kind,
    state: pending ? 'pending' : 'ready',
    fileName: file.fileName,
    mediaType: file.mediaType,
    byteSize: file.byteSize,
    sha256: file.sha256,
    originalKey: storageKey(file.id, 'original'),
    viewKey: file.view && storageKey(file.id, 'view'),
    viewWidth: file.view?.width ?? null,
    viewHeight: file.view?.height ?? null,
    eventSeq,
    createdAt: now,
  })
  await audit(tx, {
    actor,
    act: 'evidence.add',
    subject: { kind: 'evidence', id: file.id },
    caseId: key.caseId,
    facts: { kind, mediaType: file.mediaType, byteSize: file.byteSize },
    at: now,
  })
  if (isScanning()) await enqueue(tx, 'evidence-scan', { id: file.id })
  const from = hashReadingSource(now)
  if (pending) await enqueue(tx, 'evidence-derive', { id: file.id, ...(from && { from }) })
  // Files of a draft are read once it is sent.
  else if (eventSeq !== null) await queueReading(tx, key.caseId, [file.id], now)
}

/** Returns the ids of a draft's files and locks them: none comes or goes until the caller's transaction ends. */
export const lockEvidence = async (tx: Tx, caseId: string): Promise<readonly string[]> =>
  (await lockFiles(tx, caseId)) ?? []

/**
 * Has the files of a case that is being sent read, and its person told where a virus was found in one before; in the
 * transaction that sends it. `contacts` are the hashes of its contact.
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

/** Takes a file out of a draft. False when there is no such file, or the report has been sent: then it stays. */
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
      // Another request has deleted it meanwhile.
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
 * Opens a file as it arrived, for saving. Staff are asked twice (`pressed`), for it leaves the walls around what strangers
 * send; who of them opens one is written down before a byte goes out.
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
    // Nobody reads it now: it would stay open.
    file.content.destroy()
    throw error
  }
  return file
}

/**
 * Gives a person's files to another draft of theirs, sealed under its own key: the first ones stay. A file in which a virus
 * was found is left out. Done twice with one `submitKey` it copies once.
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
