import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type CaseScope, reachesUnit, staffScope, systemScope } from '#lib/access/scope.ts'
import { maskEmail, maskId, maskPhone, maskText } from '#lib/person/masking.ts'
import { parseName } from '#lib/person/name.ts'
import { cellText } from '#lib/sheet.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { resealAll } from '#platform/reseal.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import {
  type PoliceRecord,
  type RecordFaults,
  type RecordRow,
  type RecordTyped,
  readRecordTable,
} from './rules.ts'

/** Returns the hash that identifies a record of one district's files. */
export const hashSource = (unitId: string, sourceNumber: string): Uint8Array<ArrayBuffer> =>
  keyedHash('case-source', `${unitId}\0${sourceNumber.toUpperCase()}`)

type Cells = readonly (readonly string[])[]

/**
 * A good row that became no case. `known`: its record has become a case since the file was read; `claimed` occurs only in older
 * results.
 */
export interface SkippedRow {
  readonly line: number
  readonly why: 'known' | 'claimed'
}

const SUMMARY = {
  id: true,
  unitId: true,
  addedById: true,
  state: true,
  good: true,
  faulty: true,
  processed: true,
  imported: true,
  readAt: true,
  confirmedAt: true,
  doneAt: true,
  expiresAt: true,
} as const satisfies Prisma.CaseImportSelect
export type ImportSummary = Prisma.CaseImportGetPayload<{ select: typeof SUMMARY }>

export interface ImportFile extends ImportSummary {
  readonly cells: Cells
  readonly skippedRows: readonly SkippedRow[]
}

const placeOf = (id: string): string => `case-import:${id}`
const seal = (id: string, cells: Cells) => sealFor(placeOf(id), Buffer.from(JSON.stringify(cells)))
const open = (id: string, sealed: Uint8Array): Cells =>
  JSON.parse(unsealFor(placeOf(id), sealed).toString()) as Cells

/** Stores a file that was read; a stored file with this id stays as it is. */
export async function insertImport(
  tx: Tx,
  { cells, ...row }: Omit<Prisma.CaseImportCreateManyInput, 'id' | 'sealed'> & { id: string; cells: Cells },
): Promise<void> {
  await tx.caseImport.createMany({ data: [{ ...row, sealed: seal(row.id, cells) }], skipDuplicates: true })
}

export const findConfirmedImport = (unitId: string, fileHash: Uint8Array<ArrayBuffer>, tx: Tx = db) =>
  tx.caseImport.findFirst({
    where: { unitId, fileHash, confirmedAt: { not: null } },
    select: { id: true },
  })

const within = (scope: CaseScope): Prisma.CaseImportWhereInput =>
  scope.kind === 'unit' ? withUnits(scope) : {}

const FILE = { ...SUMMARY, sealed: true, skippedRows: true } as const satisfies Prisma.CaseImportSelect
const toFile = ({
  sealed,
  skippedRows,
  ...row
}: Prisma.CaseImportGetPayload<{ select: typeof FILE }>): ImportFile => ({
  ...row,
  cells: open(row.id, sealed),
  skippedRows: skippedRows as unknown as SkippedRow[],
})

export async function findImport(
  scope: CaseScope,
  id: string,
  now: Instant,
  tx: Tx = db,
): Promise<ImportFile | null> {
  const where = { AND: [{ id, expiresAt: { gt: now } }, within(scope)] }
  const row = await tx.caseImport.findFirst({ where, select: FILE })
  return row && toFile(row)
}

/** Deletes expired files. The expiry is long enough for the worker to finish. */
export async function forgetImports(now: Instant): Promise<number> {
  const { count } = await db.caseImport.deleteMany({ where: { expiresAt: { lte: now } } })
  return count
}

export async function listKnownSources(
  hashes: readonly Uint8Array<ArrayBuffer>[],
  tx: Tx = db,
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ hash: string }[]>`
    SELECT encode(source_hash, 'hex') AS hash FROM cases WHERE source_hash = ANY(${[...hashes]}::bytea[])`
  return new Set(rows.map(({ hash }) => hash))
}

const findCasesOfSources = (
  hashes: readonly Uint8Array<ArrayBuffer>[],
  tx: Tx = db,
): Promise<{ hash: string; number: string; unitId: string }[]> =>
  tx.$queryRaw`
    SELECT encode(source_hash, 'hex') AS hash, number, unit_id AS "unitId" FROM cases
    WHERE source_hash = ANY(${[...hashes]}::bytea[])`

/** Reseals every file under the present wrapping key; returns whether there was none to reseal. */
export const resealImports = (tx: Tx): Promise<boolean> =>
  resealAll(tx.caseImport, (id, sealed) => seal(id, open(id, sealed)))

const scopeOf = (actor: StaffActor) => (may(actor.role, 'case:import_records') ? staffScope(actor) : null)

const LISTED = 10

export async function listImports(actor: StaffActor): Promise<readonly ImportSummary[]> {
  const scope = scopeOf(actor)
  if (!scope) return []
  return db.caseImport.findMany({
    where: { AND: [within(scope), { confirmedAt: { not: null } }] },
    orderBy: [{ readAt: 'desc' }, { id: 'desc' }],
    take: LISTED,
    select: SUMMARY,
  })
}

/** A row that becomes no case, and why. Only the person who uploaded the file sees its papers and contact unmasked. */
export interface FaultyCaseRow extends Pick<RecordRow, 'line' | 'typed'> {
  readonly faults: RecordFaults
}

export interface ImportView extends ImportSummary {
  /** True if the reader uploaded the file, and so may confirm it. */
  readonly own: boolean
  readonly faultyRows: readonly FaultyCaseRow[]
  /** Records that are cases already; they are skipped. */
  readonly known: number
  readonly fresh: readonly FreshRow[]
  /** The first of the imported cases, once the import is done. */
  readonly made: readonly { readonly line: number; readonly number: string }[]
}

interface FreshRow {
  readonly line: number
  readonly record: PoliceRecord
  /** The phone's owner, masked as on an unopened case; a field is empty if the file has no value for it. */
  readonly person: { readonly name: string; readonly nationalId: string; readonly contact: string }
}

const MOST_MADE = 100

const maskedPerson = ({ fullName, nationalId, contact }: PoliceRecord): FreshRow['person'] => ({
  name: fullName,
  nationalId: nationalId === '' ? '' : maskId(nationalId),
  contact: contact ? (contact.kind === 'email' ? maskEmail : maskPhone)(contact.value) : '',
})

/** Returns a file with what it would import and, after its confirmation, what it has imported. */
export async function readImportView(
  actor: StaffActor,
  id: string,
  now: Instant,
): Promise<ImportView | null> {
  const scope = scopeOf(actor)
  const file = scope && (await findImport(scope, id, now))
  if (!scope || !file) return null
  const { cells, skippedRows, ...summary } = file
  const rows = readRecordTable(cells, file.readAt) ?? []
  const good = rows.flatMap(({ line, typed, read }) => (read.ok ? [{ line, typed, record: read.value }] : []))
  const skippedLines = new Set(skippedRows.map(({ line }) => line))
  const sources = good.map(({ record }) => hashSource(file.unitId, record.sourceNumber))
  const known = await inScope(systemScope(), () => listKnownSources(sources))
  const isKnown = ({ line, record }: (typeof good)[number]) =>
    file.state === 'read' ? known.has(hashText(file.unitId, record)) : skippedLines.has(line)
  const faultyRows = rows.flatMap(({ line, typed, read }) =>
    read.ok ? [] : [{ line, typed, faults: read.error }],
  )
  const own = file.addedById === actor.id
  const fresh = good.filter((row) => !isKnown(row))
  const made = file.state === 'done' ? await madeOf(file.unitId, fresh.slice(0, MOST_MADE)) : []
  return {
    ...summary,
    own,
    faultyRows: faultyRows
      .map((row) => (own ? row : { ...row, typed: maskedTyped(row.typed) }))
      .toSorted((a, b) => a.line - b.line),
    known: good.filter(isKnown).length,
    fresh: fresh.map(({ line, record }) => ({ line, record, person: maskedPerson(record) })),
    made: made
      .filter(({ unitId }) => reachesUnit(scope, unitId))
      .map(({ line, number }) => ({ line, number })),
  }
}

/**
 * Masks a row for people who did not upload it, as a case is masked before it is opened. A text that is not a valid name is
 * masked whole, because it may be the number of the next column. A contact is always masked whole: an invalid one has no part
 * that is safe to show.
 */
const maskedTyped = (typed: RecordTyped): RecordTyped => ({
  ...typed,
  fullName: parseName(cellText(typed.fullName)).ok ? typed.fullName : maskText(typed.fullName),
  nationalId: typed.nationalId === '' ? '' : maskId(cellText(typed.nationalId)),
  contact: maskText(typed.contact),
})

async function madeOf(
  unitId: string,
  rows: readonly { readonly line: number; readonly record: PoliceRecord }[],
) {
  const hashes = rows.map(({ record }) => hashSource(unitId, record.sourceNumber))
  const cases = await inScope(systemScope(), () => findCasesOfSources(hashes))
  const found = new Map(cases.map((one) => [one.hash, one]))
  return rows.flatMap(({ line, record }) => {
    const one = found.get(hashText(unitId, record))
    return one ? [{ line, number: one.number, unitId: one.unitId }] : []
  })
}

const hashText = (unitId: string, record: PoliceRecord): string =>
  Buffer.from(hashSource(unitId, record.sourceNumber)).toString('hex')
