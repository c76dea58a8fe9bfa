import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { checkStore } from '#features/installation/data.ts'
import { systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant, MINUTE } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { env, retention } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import type { Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { findForJob } from './files/data.ts'
import { openBytes, removeFromStore, storageKey, storeBytes } from './files.ts'
import { viewCopyOfHeic } from './pictures.ts'
import { queueReading, queueUnread, readEvidence } from './readings/acts.ts'
import { queueUnscanned, scanEvidence } from './scans/acts.ts'
import {
  countStored,
  discardLoose,
  type FileName,
  listDiscardedFiles,
  listRemovedFiles,
  putBackKnown,
} from './stores/data.ts'
import { isTooMany, type StoreFindings } from './stores/rules.ts'

/**
 * Makes the copy for viewing of a HEIC. A picture that cannot be decoded is marked, and only its original can be opened. If the
 * store fails, the job throws and runs again.
 */
export const deriveEvidence = (id: string, now: Instant, from?: string): Promise<void> =>
  inScope(systemScope(), () => derive(id, now, from))

async function derive(id: string, now: Instant, from: string | undefined): Promise<void> {
  const file = await findForJob(id)
  if (file?.state !== 'pending') return
  const view = await viewCopyOfHeic(await openBytes(file.key, id, 'original'))
  if (view.ok) await storeBytes(file.key, id, 'view', view.value.bytes)
  const data = view.ok
    ? {
        state: 'ready' as const,
        viewKey: storageKey(id, 'view'),
        viewWidth: view.value.width,
        viewHeight: view.value.height,
      }
    : { state: 'unreadable' as const }
  await transaction(async (tx) => {
    const { count } = await tx.evidence.updateMany({ where: { id, state: 'pending' }, data })
    // Another run has done it, or the file is gone.
    if (count === 0) return
    await queueReading(tx, file.caseId, [id], now, { network: from })
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'evidence.derive',
      subject: { kind: 'evidence', id },
      caseId: file.key.caseId,
      facts: { state: data.state },
      at: now,
    })
  })
}

/** A file gets its evidence row minutes after it was stored, when its form is complete; a day is far beyond that. */
const ORPHAN_AGE_MS = DAY
const BATCH = 500

interface Sweep extends StoreFindings {
  /** Moved into the trash; 0 if there were too many. */
  readonly swept: number
  /** Taken out of the trash, because the database knows them again. */
  readonly putBack: number
  readonly forgotten: number
}

/**
 * Moves files that belong to nothing into the trash (left by crashed uploads, or by evidence that was deleted without them),
 * takes files out again whose evidence is back, and deletes files that have been in the trash for as long as backups are kept.
 * The database decides which files these are; the store only deletes. If too many belong to nothing it moves none, unless a
 * person `confirmed` that number.
 *
 * @throws Error when the store and the database are not of one installation
 */
export const sweepEvidence = (now: Instant, confirmed = 0): Promise<Sweep> =>
  // Without a scope no evidence would be visible, and every file would seem to belong to nothing.
  inScope(systemScope(), () => sweep(now, confirmed))

async function sweep(now: Instant, confirmed: number): Promise<Sweep> {
  const { verdict, fault } = await checkStore()
  if (verdict !== 'joined') throw new Error(fault ?? 'Storage: it is not joined to this database yet')
  const putBack = await putBackKnown()
  const limits = { files: env().SWEEP_FILES, percent: env().SWEEP_PERCENT }
  const before = new Date(now.getTime() - ORPHAN_AGE_MS)
  const found = await countStored(before)
  const refused = isTooMany(found, limits) && found.orphans > confirmed
  if (!refused && confirmed > 0 && found.orphans > 0) await confirmedByHand(found, confirmed, now)
  const swept = refused ? 0 : await discard(before, found.orphans, now)
  if (refused) await reportTrouble('evidence-sweep', 'too_many', { ...found })
  else await clearTrouble('evidence-sweep')
  const old = new Date(now.getTime() - retention().backupDays * DAY)
  const forgotten = await removeAll(() => listDiscardedFiles(old, BATCH))
  return { ...found, swept, putBack, forgotten }
}

const confirmedByHand = (found: StoreFindings, confirmed: number, at: Instant): Promise<void> =>
  transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'installation.sweep',
      subject: { kind: 'installation', id: 'installation' },
      facts: { ...found, confirmed },
      at,
    }),
  )

/** Counts the stored files and the loose ones; moves nothing. */
export const lookThroughEvidence = (now: Instant): Promise<StoreFindings> =>
  inScope(systemScope(), () => countStored(new Date(now.getTime() - ORPHAN_AGE_MS)))

/**
 * Moves up to `most` files into the trash, where their bytes stay in place. The leftovers of incomplete uploads are
 * deleted from the store now.
 */
async function discard(before: Instant, most: number, now: Instant): Promise<number> {
  let swept = 0
  while (swept < most) {
    const some = await discardLoose(before, now, Math.min(BATCH, most - swept))
    for (const { id, part, whole } of some) if (!whole) await evidenceStorage().tidy(storageKey(id, part))
    swept += some.length
    if (some.length === 0) break
  }
  return swept
}

/** Takes files out of the trash whose evidence exists again, for example after a restore of the database. */
export const putBackEvidence = (): Promise<number> => inScope(systemScope(), putBackKnown)

/** Deletes files permanently in batches, until the store fails or none is left. */
async function removeAll(next: () => Promise<FileName[]>): Promise<number> {
  let removed = 0
  while (true) {
    const some = await next()
    const gone = await removeFromStore(some)
    removed += gone
    if (gone < BATCH) return removed
  }
}

/** A request deletes its own files at once; the job waits this long before it takes them over. */
const REMOVAL_MS = MINUTE

/** Deletes files that a request could not, for example while the store was away. */
export const removeLeftFiles = (now: Instant): Promise<number> =>
  removeAll(() => listRemovedFiles(addMilliseconds(now, -REMOVAL_MS), BATCH))

export const jobs: readonly Job[] = [
  // One at a time: the decoder holds every pixel in memory.
  { queue: 'evidence-derive', batchSize: 1, run: ({ id, from }, now) => deriveEvidence(id, now, from) },
  { queue: 'evidence-scan', batchSize: 1, run: ({ id }, now) => scanEvidence(id, now) },
  {
    queue: 'evidence-scan-due',
    schedule: '* * * * *',
    run: async () => {
      const queued = await queueUnscanned()
      if (queued > 0) log().info({ queued }, 'files that no scanner has looked at')
    },
  },
  // Each reader takes a core and up to a gigabyte, so reading runs apart from the worker's other jobs.
  {
    queue: 'proof-read',
    get apart() {
      return env().PROOF_READERS
    },
    run: ({ id }, now) => readEvidence(id, now),
  },
  {
    queue: 'proof-read-due',
    schedule: '*/10 * * * *',
    run: async (_, now) => {
      const queued = await queueUnread(now)
      if (queued > 0) log().info({ queued }, 'files of open cases that were not read')
    },
  },
  {
    queue: 'evidence-removal',
    schedule: '*/10 * * * *',
    run: async (_, now) => {
      const removed = await removeLeftFiles(now)
      if (removed > 0) log().info({ removed }, 'files that could not be removed before')
    },
  },
  {
    queue: 'evidence-sweep',
    schedule: '17 2 * * *',
    run: async (_, now) => {
      const { stored, orphans, swept, putBack, forgotten } = await sweepEvidence(now)
      const facts = { stored, orphans, swept, putBack, forgotten }
      if (swept < orphans)
        log().error(
          facts,
          'too many stored files belong to nothing: none was moved. Look whether this database is the right one; npm run storage -- sweep --confirm COUNT moves them into the trash',
        )
      else if (swept + putBack + forgotten > 0) log().info(facts, 'stored files that belonged to nothing')
    },
  },
]
