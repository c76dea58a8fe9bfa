import '#server-only'
import { findAccount } from '#features/accounts/data.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { importCase } from './case-acts.ts'
import {
  advanceImport,
  findImport,
  finishImport,
  type ImportFile,
  isKnownSource,
  knownSources,
  lockImport,
  removeOldImports,
  resealImports,
  type SkippedRow,
  sourceHash,
} from './data.ts'
import type { PoliceRecord } from './rules.ts'
import { readRecordTable } from './table-rules.ts'

/** Does the job `case-import`: each good row in a transaction of its own, which also says how far it has come. */
export const runImport = (importId: string, now: Instant, signal: AbortSignal): Promise<void> =>
  inScope(systemScope(), async () => {
    const file = await findImport(systemScope(), importId, now)
    if (file?.state !== 'queued') return
    const actor = await importerOf(file)
    const good = (readRecordTable(file.cells, file.readAt) ?? []).flatMap(({ line, read }) =>
      read.ok ? [{ line, record: read.value }] : [],
    )
    // Each row is kept by itself: a run after a crash begins behind the last one.
    while (!signal.aborted && (await nextRow(file, actor, good, now)));
  })

async function importerOf({ addedById }: ImportFile): Promise<StaffActor> {
  const account = await findAccount(addedById)
  if (!account) throw new Error(`the account ${addedById} that imported the file is gone`)
  const { id, name, role, unitId, agencyId, carrierId } = account
  return { kind: 'staff', id, name, role, unitId, agencyId, carrierId }
}

interface GoodRow {
  readonly line: number
  readonly record: PoliceRecord
}

/** Makes a case of the next row, or writes down why not; false once all are gone through. */
async function nextRow(
  file: ImportFile,
  actor: StaffActor,
  good: readonly GoodRow[],
  now: Instant,
): Promise<boolean> {
  const next = () => transaction((tx) => step(tx, file, actor, good, now))
  try {
    return await next()
  } catch (error) {
    // The record was imported between this read and this write: the second try finds it.
    if (isKnownSource(error)) return next()
    throw error
  }
}

async function step(
  tx: Tx,
  file: ImportFile,
  actor: StaffActor,
  good: readonly GoodRow[],
  now: Instant,
): Promise<boolean> {
  const progress = await lockImport(tx, file.id)
  if (!progress) return false
  const row = good[progress.processed]
  if (!row) {
    const { unitId: area, imported, processed } = await finishImport(tx, file.id, now)
    const subject = { kind: 'import', id: file.id } as const
    const facts = { area, imported, skipped: processed - imported }
    await audit(tx, { actor: { kind: 'system' }, act: 'import.done', subject, facts, at: now })
    return false
  }
  const why = await whyNot(tx, file.unitId, row.record)
  if (why === null) await importCase(tx, actor, { record: row.record, unitId: file.unitId }, now)
  await advanceImport(tx, file.id, why && { line: row.line, why })
  return true
}

async function whyNot(tx: Tx, unitId: string, record: PoliceRecord): Promise<SkippedRow['why'] | null> {
  const known = await knownSources([sourceHash(unitId, record.sourceNumber)], tx)
  return known.size > 0 ? 'known' : null
}

/** Deletes files that were not confirmed in time, and those whose result has been there long enough. */
export const forgetImports = (now: Instant): Promise<number> => removeOldImports(now)

/** Brings every file under the wrapping key of today. */
export const rotateImports = (): Promise<boolean> => transaction(resealImports)
