import '#server-only'
import { createHash, randomUUID } from 'node:crypto'
import { unitsInForce } from '#features/areas/data.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { staffScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { keyedHash } from '#platform/crypto.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import { transaction, uniqueViolation } from '#platform/db.ts'
import { actOnce, keyFor } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { confirmedAs, findImport, insertImport, queueImport } from './data.ts'
import { MAX_RECORDS, readRecordTable } from './table-rules.ts'

export type ImportFault = CsvFault | 'forbidden' | 'no_imei_column' | 'too_large' | 'none' | 'district'

/** The time that a file that was read waits to be confirmed, and that its result stays to be looked at. */
const WAITS = 2 * HOUR
const STAYS = 7 * DAY

/**
 * Reads a file of police's own records for one district and keeps it, sealed, beside everything else until it is
 * confirmed. A file that was confirmed before leads to what came of it.
 */
export async function readImport(
  actor: StaffActor,
  { bytes, unitId }: { readonly bytes: Uint8Array; readonly unitId: string },
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<string, ImportFault>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:import_records')) return err('forbidden')
  if (scope.kind === 'unit' && !scope.unitIds.includes(unitId)) return err('forbidden')
  // Police of a unit that has ended still have its files: each case goes to the unit that answers now.
  if (unitId !== actor.unitId && !(await unitsInForce()).some(({ id }) => id === unitId))
    return err('district')
  const csv = await readCsv(bytes, MAX_RECORDS)
  if ('fault' in csv) return err(csv.fault)
  const rows = readRecordTable(csv.rows, now)
  if (rows === null) return err('no_imei_column')
  if (rows.length === 0) return err('empty')
  const digest = createHash('sha256').update(bytes).digest('hex')
  const fileHash = keyedHash('case-import', `${unitId}\0${digest}`)
  const before = await confirmedAs(unitId, fileHash)
  if (before) return ok(before.id)
  const good = rows.filter(({ read }) => read.ok).length
  // The same file in the same form waits once.
  const id = keyFor(submitKey, actor.id, unitId, digest)
  await transaction((tx) =>
    insertImport(tx, {
      id,
      ...{ unitId, addedById: actor.id, fileHash, cells: csv.rows },
      ...{ good, faulty: rows.length - good, readAt: now, expiresAt: addMilliseconds(now, WAITS) },
    }),
  )
  return ok(id)
}

/** Hands a file to the worker, which makes a case of each good row. The person who uploaded it confirms it, once. */
export async function confirmImport(
  actor: StaffActor,
  { importId, submitKey }: { readonly importId: string; readonly submitKey: string },
  now: Instant,
): Promise<Result<string, 'forbidden' | 'gone'>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:import_records')) return err('forbidden')
  try {
    return await actOnce<string, 'gone'>(submitKey, `case.import:${actor.id}`, now, async (tx) => {
      const file = await findImport(scope, importId, now, tx)
      // Of two forms sent at once, the later one finds the file queued.
      if (
        file?.addedById !== actor.id ||
        !(await queueImport(tx, importId, now, addMilliseconds(now, STAYS)))
      )
        return err('gone')
      await enqueue(tx, 'case-import', { importId })
      const facts = { area: file.unitId, good: file.good, faulty: file.faulty }
      await audit(tx, {
        actor,
        act: 'import.confirm',
        subject: { kind: 'import', id: importId },
        facts,
        at: now,
      })
      return ok(importId)
    })
  } catch (error) {
    // The same file was read twice and confirmed in the same moment.
    if (uniqueViolation(error)?.match(/one_import_a_file|file_hash/)) return err('gone')
    throw error
  }
}
