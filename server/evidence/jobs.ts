import '#server-only'
import { systemScope } from '#domain/access/scope.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { transaction } from '#server/platform/db.ts'
import { log } from '#server/platform/log.ts'
import type { Job } from '#server/platform/queue.ts'
import { inScope } from '#server/platform/scope.ts'
import { evidenceStorage } from '#server/platform/storage.ts'
import { evidenceIdOf, openBytes, removeFiles, storageKey, storeBytes } from './files.ts'
import { viewCopyOfHeic } from './pictures.ts'
import { type Derived, existing, findForJob, recordCopy } from './repository.ts'

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
const ORPHAN_AGE_MS = 24 * 60 * 60 * 1000
const BATCH = 500

/** Removes stored files that belong to nothing: of crashed uploads, removed files and deleted drafts. */
export async function sweepEvidence(now: Instant): Promise<number> {
  const before = new Date(now.getTime() - ORPHAN_AGE_MS)
  let swept = 0
  let batch = new Set<string>()
  const flush = async () => {
    const kept = await inScope(systemScope(), () => existing([...batch]))
    const orphans = [...batch].filter((id) => !kept.has(id))
    await removeFiles(orphans)
    swept += orphans.length
    batch = new Set()
  }
  for await (const key of evidenceStorage().writtenBefore(before)) {
    batch.add(evidenceIdOf(key))
    if (batch.size === BATCH) await flush()
  }
  await flush()
  return swept
}

export const jobs: readonly Job[] = [
  // One at a time: the decoder holds every pixel in memory.
  { queue: 'evidence-derive', batchSize: 1, run: ({ id }, now) => deriveEvidence(id, now) },
  {
    queue: 'evidence-sweep',
    schedule: '17 2 * * *',
    run: async (_, now) => {
      const swept = await sweepEvidence(now)
      if (swept > 0) log().info({ swept }, 'stored files that belonged to nothing')
    },
  },
]
