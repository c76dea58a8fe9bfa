import '#server-only'
import { ACTIVE_STATES, statesThat } from '#features/cases/record/state-rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { type CaseKey, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { within } from '../files/data.ts'
import type { FileReading, ReadImei, ReadingOutcome } from './rules.ts'

const placeOf = (evidenceId: string): string => `reading:${evidenceId}`

const SELECTED = {
  id: true,
  caseId: true,
  key: { select: WRAPPED_KEY },
  reading: { select: { outcome: true, pages: true, pagesRead: true, readAt: true, sealed: true } },
} as const

const toReading = ({
  id,
  caseId,
  key,
  reading,
}: Prisma.EvidenceGetPayload<{ select: typeof SELECTED }>): FileReading => ({
  evidenceId: id,
  outcome: reading?.outcome ?? null,
  pages: reading?.pages ?? null,
  pagesRead: reading?.pagesRead ?? null,
  readAt: reading?.readAt ?? null,
  found: reading?.sealed
    ? unseal<{ found: ReadImei[] }>(unwrap(caseId, key), placeOf(id), reading.sealed).found
    : [],
})

/** Returns what was read in the files of a case, in the order they came; nothing where the scope does not reach. */
export async function listReadings(scope: CaseScope, caseId: string, tx: Tx = db): Promise<FileReading[]> {
  const rows = await inScope(scope, () =>
    tx.evidence.findMany({
      where: { AND: [{ caseId }, within(scope)] },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      select: SELECTED,
    }),
  )
  return rows.map(toReading)
}

/** Returns the same of several cases, by the case's id. */
export async function readingsOfCases(
  scope: CaseScope,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, FileReading[]>> {
  const rows = await inScope(scope, () =>
    db.evidence.findMany({
      where: { AND: [{ caseId: { in: [...caseIds] } }, within(scope)] },
      select: SELECTED,
    }),
  )
  const read = Map.groupBy(rows, ({ caseId }) => caseId)
  return new Map([...read].map(([caseId, files]) => [caseId, files.map(toReading)]))
}

/**
 * The states in which the evidence no longer decides anything. Where a withdrawal is undone, its files are read later.
 */
const GIVEN_UP = [...statesThat(({ final, clock }) => final && clock === null)]

/**
 * Tells whether a file is to be read: it belongs to a case that may be decided. Drafts, files of a phone's holder, and
 * reports that were withdrawn are not read.
 */
export const isToBeRead = async (caseId: string): Promise<boolean> => {
  const where = { id: caseId, erasedAt: null, state: { notIn: GIVEN_UP } }
  return (await db.case.findFirst({ where, select: { id: true } })) !== null
}

/** Counts another try to read a file and returns its number, from 1; null where it was read, or is gone. */
export async function beginReading(id: string, readerVersion: number): Promise<number | null> {
  const begin = Prisma.sql`
    INSERT INTO evidence_readings (evidence_id, attempts, reader_version)
    SELECT id, 1, ${readerVersion} FROM evidence WHERE id = ${id}::uuid
    ON CONFLICT (evidence_id) DO UPDATE
      SET attempts = evidence_readings.attempts + 1, reader_version = excluded.reader_version
      WHERE evidence_readings.outcome IS NULL
    RETURNING attempts`
  const [row] = await rawQuery<{ attempts: number }>(db, begin)
  return row?.attempts ?? null
}

/** The end of a reading; pages and findings where it was `read`. */
export type Ended =
  | { readonly outcome: Exclude<ReadingOutcome, 'read'> }
  | {
      readonly outcome: 'read'
      readonly pages: number
      readonly pagesRead: number
      readonly found: readonly ReadImei[]
    }

/** Writes down the end of a reading. False when another run did, or the file is gone. */
export async function endReading(
  tx: Tx,
  { id, key }: { readonly id: string; readonly key: CaseKey },
  ended: Ended,
  now: Date,
): Promise<boolean> {
  const { count } = await tx.evidenceReading.updateMany({
    where: { evidenceId: id, outcome: null },
    data: {
      outcome: ended.outcome,
      readAt: now,
      ...(ended.outcome === 'read' && {
        pages: ended.pages,
        pagesRead: ended.pagesRead,
        sealed: seal(key, placeOf(id), { found: ended.found }),
      }),
    },
  })
  return count === 1
}

/** Returns files of open cases that came before `before` and were never read to the end, of the newest case first. */
export async function unreadFiles(before: Date, limit: number): Promise<string[]> {
  const rows = await db.evidence.findMany({
    where: {
      createdAt: { lt: before },
      state: { not: 'pending' },
      OR: [{ reading: null }, { reading: { outcome: null } }],
      key: { case: { erasedAt: null, state: { in: [...ACTIVE_STATES] } } },
    },
    orderBy: { createdAt: 'desc' },
    take: limit,
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}
