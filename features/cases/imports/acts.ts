import '#server-only'
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { findAccount } from '#features/accounts/data.ts'
import { lockPlaces, unitsInForce } from '#features/areas/data.ts'
import { answeringUnit } from '#features/areas/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { deviceOf, holidays } from '#features/lookup-tables/data.ts'
import { notify } from '#features/notices/acts.ts'
import { NOTHING_OPEN, openColumns } from '#features/reporting/fields/columns-rules.ts'
import { NOTHING_WRITTEN } from '#features/reporting/fields/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { staffScope, systemScope } from '#lib/access/scope.ts'
import { tacMismatch } from '#lib/imei/device.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, DAY, HOUR, type Instant } from '#lib/time.ts'
import { caseHash, keyedHash, newCaseKey, randomBuffer } from '#platform/crypto.ts'
import { type CsvFault, readCsv } from '#platform/csv.ts'
import { type Tx, transaction, uniqueViolation } from '#platform/db.ts'
import { deferInsert } from '#platform/deferred-writes.ts'
import { actOnce, keyFor } from '#platform/idempotency/commands.ts'
import { enqueue } from '#platform/queue.ts'
import { inScope } from '#platform/scope.ts'
import { decisionDue } from '../clocks/rules.ts'
import { readWhomToCall } from '../messages/acts.ts'
import { addEvent } from '../moves/events-data.ts'
import { newCaseNumber } from '../numbers/rules.ts'
import { indexPerson } from '../particulars/acts.ts'
import type { Particulars } from '../particulars/rules.ts'
import { recordOf } from '../record/rules.ts'
import { needsWork } from '../record/state-rules.ts'
import { insertCase, type NewCase } from '../submission/data.ts'
import { newCaseSecret } from '../unlock/rules.ts'
import {
  type FaultyCaseRow,
  findConfirmedImport,
  findImport,
  hashSource,
  type ImportFile,
  insertImport,
  listKnownSources,
  readImportView,
  type SkippedRow,
} from './data.ts'
import { MAX_RECORDS, type PoliceRecord, readRecordTable } from './rules.ts'

/** How long an uploaded file waits to be confirmed, and how long its result stays visible. */
const WAITS = 2 * HOUR
const STAYS = 7 * DAY

/**
 * Reads a file of police records for one district and stores it, sealed and separately, until it is confirmed. For a file that
 * was confirmed before, returns that import.
 */
export async function readImport(
  actor: StaffActor,
  { bytes, unitId }: { readonly bytes: Uint8Array; readonly unitId: string },
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<string, CsvFault | 'forbidden' | 'no_imei' | 'too_large' | 'none' | 'district'>> {
  const scope = staffScope(actor)
  if (!scope || !may(actor.role, 'case:import_records')) return err('forbidden')
  if (scope.kind === 'unit' && !scope.unitIds.includes(unitId)) return err('forbidden')
  // Police of a unit that has ended still have its files: each case goes to the unit that answers now.
  if (unitId !== actor.unitId && !(await unitsInForce()).some(({ id }) => id === unitId))
    return err('district')
  const csv = await readCsv(bytes, MAX_RECORDS)
  if ('fault' in csv) return err(csv.fault)
  const rows = readRecordTable(csv.rows, now)
  if (rows === null) return err('no_imei')
  if (rows.length === 0) return err('empty')
  const digest = createHash('sha256').update(bytes).digest('hex')
  const fileHash = keyedHash('case-import', `${unitId}\0${digest}`)
  const before = await findConfirmedImport(unitId, fileHash)
  if (before) return ok(before.id)
  const good = rows.filter(({ read }) => read.ok).length
  // The same file from the same form is stored once.
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

/** Hands a file to the worker, which makes a case of each good row. Only the person who uploaded it can confirm it, once. */
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
    // The same file was uploaded twice and confirmed at the same moment.
    if (uniqueViolation(error)?.match(/one_import_a_file|file_hash/)) return err('gone')
    throw error
  }
}

/** Queues a file that was only read; false if it is queued already. */
async function queueImport(tx: Tx, id: string, at: Instant, expiresAt: Instant): Promise<boolean> {
  const { count } = await tx.caseImport.updateMany({
    where: { id, state: 'read' },
    data: { state: 'queued', confirmedAt: at, expiresAt },
  })
  return count === 1
}

/**
 * Returns the rows of a file that become no case, for its uploader to download and correct. Audited, because they contain
 * personal data.
 */
export async function takeFaultyRows(
  actor: StaffActor,
  importId: string,
  now: Instant,
): Promise<readonly FaultyCaseRow[] | null> {
  const view = await readImportView(actor, importId, now)
  if (!view?.own) return null
  const facts = { rows: view.faultyRows.length }
  const subject = { kind: 'import', id: importId } as const
  await transaction((tx) => audit(tx, { actor, act: 'import.mend', subject, facts, at: now }))
  return view.faultyRows
}

/**
 * Makes a case of one police record in the caller's transaction: under review, without an officer. The importer counts as the
 * filer, so others verify and approve it. Like every case it has a secret, but nobody knows it.
 */
async function importCase(
  tx: Tx,
  actor: StaffActor,
  { record, unitId }: { readonly record: PoliceRecord; readonly unitId: string },
  now: Instant,
): Promise<void> {
  const id = randomUUID()
  const { key, stored } = newCaseKey(id)
  const number = newCaseNumber(randomBuffer)
  const [first] = record.imeis
  const device = first ? await deviceOf(first.tac, tx) : null
  const { map } = await lockPlaces(tx)
  // The file is of one unit: the case happened in that unit's area, and goes to the unit that answers for it now.
  const areaId = map.areasOf.get(unitId)?.[0]
  if (areaId === undefined) throw new Error(`the unit ${unitId} answers for no area`)
  const particulars: Particulars = {
    ...NOTHING_WRITTEN,
    fullName: record.fullName,
    idKind: record.idKind,
    nationalId: record.nationalId,
    contact: record.contact,
    place: record.place,
    phoneNumbers: [],
    sourceNumber: record.sourceNumber,
    ...(record.incidentDayOnly && { incidentDayOnly: true }),
  }
  const imeis = record.imeis.map(({ imei, key: key14 }) => ({ imei, key14 }))
  const row = {
    id,
    number,
    state: 'under_review',
    locale: 'vi',
    areaId,
    unitId: answeringUnit(map, { areaId, unitId, place: record.place }),
    incidentType: record.incidentType,
    incidentAt: record.incidentAt,
    ...openColumns(NOTHING_OPEN),
    brand: record.brand || (device?.manufacturer ?? ''),
    model: record.model || (device?.model ?? ''),
    tacManufacturer: device?.manufacturer ?? null,
    tacModel: device?.model ?? null,
    tacMismatch: device !== null && tacMismatch(record, device),
    contactKind: record.contact?.kind ?? null,
    secretHash: keyedHash('case-secret', newCaseSecret(randomBytes)),
    sourceHash: hashSource(unitId, record.sourceNumber),
    filedById: actor.id,
    submittedAt: now,
    stateSince: now,
    firstActionAt: now,
    dueAt: decisionDue(now, await holidays(tx)),
    needsWork: needsWork('under_review', { held: null, holdUntil: null }),
  } as const satisfies NewCase
  await deferInsert(tx, 'case_keys', [{ caseId: id, ...stored, createdAt: now }])
  // An imported record claims no phone: five thousand rows without a proof must not precede an owner.
  await insertCase(tx, key, row, particulars, imeis, [])
  await indexPerson(tx, id, particulars)
  const change = {
    move: 'imported',
    from: null,
    to: 'under_review',
    reasonCode: null,
    visible: true,
  } as const
  await addEvent(tx, key, { caseId: id, seq: 1, change, actor, words: {}, at: now })
  await audit(tx, {
    actor,
    act: 'case.import',
    subject: { kind: 'case', id },
    facts: { number, imeis: imeis.length },
    after: caseHash(key, recordOf({ ...row, version: 1 }, particulars, imeis)),
    at: now,
  })
  if (!record.contact) return
  const { locale, unitId: has } = row
  const params = { number, ...(await readWhomToCall(tx, 'imported', has, { locale, particulars })) }
  await notify(tx, { key, template: 'imported', locale, params, at: now, to: record.contact })
}

/** Runs the job `case-import`: each good row in a transaction of its own, which also records the progress. */
export const runImport = (importId: string, now: Instant, signal: AbortSignal): Promise<void> =>
  inScope(systemScope(), async () => {
    const file = await findImport(systemScope(), importId, now)
    if (file?.state !== 'queued') return
    const actor = await importerOf(file)
    const good = (readRecordTable(file.cells, file.readAt) ?? []).flatMap(({ line, read }) =>
      read.ok ? [{ line, record: read.value }] : [],
    )
    // Each row is stored by itself: after a crash, a run continues behind the last one.
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

/** Makes a case of the next row, or records why not; false after the last row. */
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
    if (uniqueViolation(error)?.includes('source_hash') === true) return next()
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
    const {
      unitId: area,
      imported,
      processed,
    } = await tx.caseImport.update({
      where: { id: file.id },
      data: { state: 'done', doneAt: now },
      select: { unitId: true, imported: true, processed: true },
    })
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

/** Counts one more good row: it became a case, or `skipped` says why not. */
async function advanceImport(tx: Tx, id: string, skipped: SkippedRow | null): Promise<void> {
  const added = JSON.stringify(skipped === null ? [] : [skipped])
  await tx.$executeRaw`UPDATE case_imports SET processed = processed + 1,
      imported = imported + ${skipped === null ? 1 : 0}, skipped_rows = skipped_rows || ${added}::jsonb WHERE id = ${id}::uuid`
}

/** Returns the progress of a queued import, locked until the transaction ends; null if nothing is left to do. */
async function lockImport(tx: Tx, id: string): Promise<{ processed: number; good: number } | null> {
  const [row] = await tx.$queryRaw<{ processed: number; good: number }[]>`
    SELECT processed, good FROM case_imports WHERE id = ${id}::uuid AND state = 'queued' FOR UPDATE`
  return row ?? null
}

async function whyNot(tx: Tx, unitId: string, record: PoliceRecord): Promise<SkippedRow['why'] | null> {
  const known = await listKnownSources([hashSource(unitId, record.sourceNumber)], tx)
  return known.size > 0 ? 'known' : null
}
