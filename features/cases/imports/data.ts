import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx, uniqueViolation } from '#platform/db.ts'
import { resealAll } from '#platform/reseal.ts'
import { withUnits } from '#platform/units.ts'

/** Returns what stands for a record of one district's files: the same one has the same hash. */
export const sourceHash = (unitId: string, sourceNumber: string): Uint8Array<ArrayBuffer> =>
  keyedHash('case-source', `${unitId}\0${sourceNumber.toUpperCase()}`)

export type Cells = readonly (readonly string[])[]

/** A good row that became no case after all: it is one since the file was read; `claimed` stands in older results. */
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

export interface NewImport {
  readonly id: string
  readonly unitId: string
  readonly addedById: string
  readonly fileHash: Uint8Array<ArrayBuffer>
  readonly cells: Cells
  readonly good: number
  readonly faulty: number
  readonly readAt: Instant
  readonly expiresAt: Instant
}

/** Keeps a file that was read; one with this id that is kept already stays as it is. */
export async function insertImport(tx: Tx, { cells, ...row }: NewImport): Promise<void> {
  await tx.caseImport.createMany({ data: [{ ...row, sealed: seal(row.id, cells) }], skipDuplicates: true })
}

/** Returns the import that a file was confirmed as already. */
export const confirmedAs = (unitId: string, fileHash: Uint8Array<ArrayBuffer>, tx: Tx = db) =>
  tx.caseImport.findFirst({
    where: { unitId, fileHash, confirmedAt: { not: null } },
    select: { id: true },
  })

/** Returns the condition for what a scope sees: police of a district what was imported for it, the city all. */
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

/** Returns the imports that were confirmed, the newest first. */
export const newestImports = (scope: CaseScope, take: number): Promise<ImportSummary[]> =>
  db.caseImport.findMany({
    where: { AND: [within(scope), { confirmedAt: { not: null } }] },
    orderBy: [{ readAt: 'desc' }, { id: 'desc' }],
    take,
    select: SUMMARY,
  })

/** Hands a file that was only read to the worker; false where that was done already. */
export async function queueImport(tx: Tx, id: string, at: Instant, expiresAt: Instant): Promise<boolean> {
  const { count } = await tx.caseImport.updateMany({
    where: { id, state: 'read' },
    data: { state: 'queued', confirmedAt: at, expiresAt },
  })
  return count === 1
}

/**
 * Returns how far a queued import has come, locked until the transaction ends; null where there is nothing left to do.
 */
export async function lockImport(tx: Tx, id: string): Promise<{ processed: number; good: number } | null> {
  const [row] = await tx.$queryRaw<{ processed: number; good: number }[]>`
    SELECT processed, good FROM case_imports WHERE id = ${id}::uuid AND state = 'queued' FOR UPDATE`
  return row ?? null
}

/** Goes one good row further: it became a case, or `skipped` says why not. */
export async function advanceImport(tx: Tx, id: string, skipped: SkippedRow | null): Promise<void> {
  const added = JSON.stringify(skipped === null ? [] : [skipped])
  await tx.$executeRaw`UPDATE case_imports SET processed = processed + 1,
      imported = imported + ${skipped === null ? 1 : 0}, skipped_rows = skipped_rows || ${added}::jsonb WHERE id = ${id}::uuid`
}

export async function finishImport(tx: Tx, id: string, at: Instant): Promise<ImportSummary> {
  return tx.caseImport.update({ where: { id }, data: { state: 'done', doneAt: at }, select: SUMMARY })
}

/** Deletes files whose time is up; one that the worker is at has time enough. */
export async function removeOldImports(now: Instant): Promise<number> {
  const { count } = await db.caseImport.deleteMany({ where: { expiresAt: { lte: now } } })
  return count
}

/** Returns which of these records are cases already, by the hash of their number. */
export async function knownSources(
  hashes: readonly Uint8Array<ArrayBuffer>[],
  tx: Tx = db,
): Promise<Set<string>> {
  const rows = await tx.$queryRaw<{ hash: string }[]>`
    SELECT encode(source_hash, 'hex') AS hash FROM cases WHERE source_hash = ANY(${[...hashes]}::bytea[])`
  return new Set(rows.map(({ hash }) => hash))
}

/** Tells whether a write failed as another case of the same record has come since `knownSources` was asked. */
export const isKnownSource = (error: unknown): boolean =>
  uniqueViolation(error)?.includes('source_hash') === true

/** Returns the cases that came of these records, by the hash of their number. */
export const casesOfSources = (
  hashes: readonly Uint8Array<ArrayBuffer>[],
  tx: Tx = db,
): Promise<{ hash: string; number: string; unitId: string }[]> =>
  tx.$queryRaw`
    SELECT encode(source_hash, 'hex') AS hash, number, unit_id AS "unitId" FROM cases
    WHERE source_hash = ANY(${[...hashes]}::bytea[])`

/** Brings every file under the wrapping key of today; answers whether there was none to bring. */
export const resealImports = (tx: Tx): Promise<boolean> =>
  resealAll(tx.caseImport, (id, sealed) => seal(id, open(id, sealed)))
