import '#server-only'
import { audit } from '#features/audit/commands.ts'
import { storeVerdict } from '#features/installation/queries.ts'
import { systemScope } from '#lib/access/scope.ts'
import { DAY, type Instant } from '#lib/time.ts'
import { transaction } from '#platform/db.ts'
import { env, retention } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { enqueue, type Job } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { evidenceStorage } from '#platform/storage.ts'
import { clearTrouble, reportTrouble } from '#platform/troubles.ts'
import { queueUnread, readEvidence } from './commands/read.ts'
import { queueUnscanned, scanEvidence } from './commands/scan.ts'
import { evidenceIdOf, openBytes, storageKey, storeBytes } from './files.ts'
import { viewCopyOfHeic } from './pictures.ts'
import { type Derived, filterExisting, findForJob, recordCopy } from './repository.ts'
import { type Found, isTooMany } from './rules/sweep.ts'

/**
 * Makes the copy for viewing that was left to the worker. A picture that cannot be decoded is marked, and stays to be
 * opened as it arrived; a store that fails throws, and the job comes again.
 */
export const deriveEvidence = (id: string, now: Instant): Promise<void> =>
  inScope(systemScope(), () => derive(id, now))

async function derive(id: string, now: Instant): Promise<void> {
  const file = await findForJob(id)
  if (file?.state !== 'pending') return
  const view = await viewCopyOfHeic(await openBytes(file.key, id, 'original'))
  if (view.ok) await storeBytes(file.key, id, 'view', view.value.bytes)
  const derived: Derived = view.ok
    ? {
        state: 'ready',
        viewKey: storageKey(id, 'view'),
        viewWidth: view.value.width,
        viewHeight: view.value.height,
      }
    : { state: 'unreadable' }
  await transaction(async (tx) => {
    if (!(await recordCopy(tx, id, derived))) return
    await enqueue(tx, 'proof-read', { id })
    await audit(tx, {
      actor: { kind: 'system' },
      act: 'evidence.derive',
      subject: { kind: 'evidence', id },
      caseId: file.key.caseId,
      facts: { state: derived.state },
      at: now,
    })
  })
}

/** A file is written down minutes after it was stored, when its form is through: a day is far beyond that. */
const ORPHAN_AGE_MS = DAY
const BATCH = 500

/** The result of a sweep, in files. */
export interface Sweep extends Found {
  /** Moved into the trash; none where there were too many. */
  readonly swept: number
  /** Taken out of the trash, because the database knows them again. */
  readonly putBack: number
  /** Removed from the trash for good. */
  readonly forgotten: number
}

/**
 * Moves stored files that belong to nothing into the trash (of crashed uploads and removals that failed), puts back
 * what the database knows again, and forgets what has been in the trash for as long as backups are kept. Where too many
 * belong to nothing it moves none, unless somebody `confirmed` so many.
 *
 * @throws Error when the store and the database are not of one installation
 */
export async function sweepEvidence(now: Instant, confirmed = 0): Promise<Sweep> {
  const { verdict, fault } = await storeVerdict()
  if (verdict !== 'joined') throw new Error(fault ?? 'Storage: it is not joined to this database yet')
  const putBack = await putBackKnown()
  const limits = { files: env().SWEEP_FILES, percent: env().SWEEP_PERCENT }
  const { orphans, stored, count } = await orphansBefore(new Date(now.getTime() - ORPHAN_AGE_MS), {
    most: Math.max(limits.files, confirmed),
  })
  const found = { stored, orphans: count }
  const refused = isTooMany(found, limits) && found.orphans > confirmed
  if (!refused && confirmed > 0 && count > 0) await confirmedByHand(found, confirmed, now)
  if (!refused) for (const key of orphans) await evidenceStorage().discard(key, now)
  if (refused) await reportTrouble('evidence-sweep', 'too_many', { ...found })
  else await clearTrouble('evidence-sweep')
  const forgotten = await forgetBefore(new Date(now.getTime() - retention().backupDays * DAY))
  return { ...found, swept: refused ? 0 : orphans.length, putBack, forgotten }
}

const confirmedByHand = (found: Found, confirmed: number, at: Instant): Promise<void> =>
  transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'installation.sweep',
      subject: { kind: 'installation', id: 'installation' },
      facts: { ...found, confirmed },
      at,
    }),
  )

/** Returns how the store stands; moves nothing. */
export const lookThroughEvidence = async (now: Instant): Promise<Found> => {
  const { stored, count } = await orphansBefore(new Date(now.getTime() - ORPHAN_AGE_MS), { most: 0 })
  return { stored, orphans: count }
}

async function orphansBefore(before: Instant, { most }: { readonly most: number }) {
  const orphans: string[] = []
  let [stored, count] = [0, 0]
  for await (const batch of batches(evidenceStorage().writtenBefore(before))) {
    // What a question whether the store answers left behind, when its process ended.
    for (const key of batch.filter(isProbe)) await evidenceStorage().remove(key)
    const files = batch.filter((key) => !isProbe(key))
    const known = await knownAmong(files)
    const strange = files.filter((key) => !known.has(evidenceIdOf(key)))
    stored += files.length
    count += strange.length
    orphans.push(...strange.slice(0, Math.max(0, most - orphans.length)))
  }
  return { stored, orphans, count }
}

/** Takes everything out of the trash that is evidence of something, as after a restore of the database. */
export async function putBackKnown(): Promise<number> {
  let moved = 0
  for await (const batch of batches(trashed())) {
    const known = await knownAmong(batch)
    for (const key of batch.filter((one) => known.has(evidenceIdOf(one)))) {
      await evidenceStorage().putBack(key)
      moved++
    }
  }
  return moved
}

async function* trashed(): AsyncGenerator<string> {
  for await (const { key } of evidenceStorage().discarded()) yield key
}

async function forgetBefore(before: Instant): Promise<number> {
  let forgotten = 0
  for await (const { key, at } of evidenceStorage().discarded()) {
    if (at >= before) continue
    await evidenceStorage().forget(key)
    forgotten++
  }
  return forgotten
}

const isProbe = (key: string): boolean => key.endsWith('.probe')

const knownAmong = (keys: readonly string[]): Promise<Set<string>> =>
  inScope(systemScope(), () => filterExisting([...new Set(keys.map(evidenceIdOf))]))

async function* batches(keys: AsyncIterable<string>): AsyncGenerator<string[]> {
  let batch: string[] = []
  for await (const key of keys) {
    if (batch.push(key) < BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

export const jobs: readonly Job[] = [
  // One at a time: the decoder holds every pixel in memory.
  { queue: 'evidence-derive', batchSize: 1, run: ({ id }, now) => deriveEvidence(id, now) },
  { queue: 'evidence-scan', batchSize: 1, run: ({ id }, now) => scanEvidence(id, now) },
  {
    queue: 'evidence-scan-due',
    schedule: '* * * * *',
    run: async () => {
      const queued = await queueUnscanned()
      if (queued > 0) log().info({ queued }, 'files that no scanner has looked at')
    },
  },
  // One process at a time takes a core and up to a gigabyte; nothing else of the worker waits for it.
  { queue: 'proof-read', batchSize: 1, run: ({ id }, now) => readEvidence(id, now) },
  {
    queue: 'proof-read-due',
    schedule: '*/10 * * * *',
    run: async (_, now) => {
      const queued = await queueUnread(now)
      if (queued > 0) log().info({ queued }, 'files of open cases that were not read')
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
