import '#server-only'
import { ACTIVE_STATES, statesThat } from '#features/cases/record/state-rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { type CaseScope, citizenScope } from '#lib/access/scope.ts'
import type { ImeiKey } from '#lib/imei/imei.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { writeEvidenceScope } from '../files/data.ts'
import {
  agreementOf,
  type FileReading,
  hintOf,
  type ProofReading,
  type ReadImei,
  type ReadingHint,
  type ReadingOutcome,
  unclaimedPhones,
} from './rules.ts'

export const placeOf = (evidenceId: string): string => `reading:${evidenceId}`

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

/** Returns the readings of a case's files in order of arrival; none outside the scope. */
export async function listReadings(scope: CaseScope, caseId: string, tx: Tx = db): Promise<FileReading[]> {
  const rows = await inScope(scope, () =>
    tx.evidence.findMany({
      where: { AND: [{ caseId }, writeEvidenceScope(scope)] },
      orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
      select: SELECTED,
    }),
  )
  return rows.map(toReading)
}

async function readingsOfCases(
  scope: CaseScope,
  caseIds: readonly string[],
): Promise<ReadonlyMap<string, FileReading[]>> {
  const rows = await inScope(scope, () =>
    db.evidence.findMany({
      where: { AND: [{ caseId: { in: [...caseIds] } }, writeEvidenceScope(scope)] },
      select: SELECTED,
    }),
  )
  const read = Map.groupBy(rows, ({ caseId }) => caseId)
  return new Map([...read].map(([caseId, files]) => [caseId, files.map(toReading)]))
}

/** States in which evidence no longer decides anything. If a withdrawal is undone, the files are read later. */
const GIVEN_UP = [...statesThat(({ final, clock }) => final && clock === null)]

/**
 * Returns whether a file must be read: it belongs to a case that may be decided. Drafts, a holder's files and
 * withdrawn reports are not read.
 */
export const isToBeRead = async (caseId: string): Promise<boolean> => {
  const where = { id: caseId, erasedAt: null, state: { notIn: GIVEN_UP } }
  return (await db.case.findFirst({ where, select: { id: true } })) !== null
}

/** Counts another try to read a file and returns its number, from 1; null if it was already read or is gone. */
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

export type Ended =
  | { readonly outcome: Exclude<ReadingOutcome, 'read'> }
  | {
      readonly outcome: 'read'
      readonly pages: number
      readonly pagesRead: number
      readonly found: readonly ReadImei[]
    }

/** Returns files of open cases that came before `before`, were never fully read and are not queued, newest first. */
export async function listUnreadFiles(before: Date, limit: number): Promise<string[]> {
  const unread = await db.evidence.findMany({
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
  const ids = unread.map(({ id }) => id)
  const rows = await rawQuery<{ id: string }>(
    db,
    Prisma.sql`SELECT j.data->>'id' AS id FROM pgboss.job j
      WHERE j.name = 'proof-read' AND j.state < 'completed' AND j.data->>'id' = ANY(${ids})`,
  )
  const queued = new Set(rows.map(({ id }) => id))
  return ids.filter((id) => !queued.has(id))
}

/** Priority of files of taken cases, the highest; others wait at 0 and below. */
const TAKEN = 1
/** Each source is counted only up to this number: beyond it the order no longer matters. */
const COUNTED = 200

const WAITING = Prisma.sql`j.name = 'proof-read' AND j.state < 'active'`

export async function countWaitingFrom(tx: Tx, sources: readonly string[]): Promise<number> {
  if (sources.length === 0) return 0
  const [row] = await rawQuery<{ most: number }>(
    tx,
    Prisma.sql`SELECT coalesce(max(files), 0)::int AS most FROM (VALUES ${Prisma.join(sources.map((one) => Prisma.sql`(${one})`))}) AS s (source),
      LATERAL (SELECT count(*) AS files FROM (SELECT FROM pgboss.job j
        WHERE ${WAITING} AND j.data->'from' ? source LIMIT ${COUNTED}) waiting) counted`,
  )
  return row?.most ?? 0
}

/** Moves the files of cases that an officer has taken ahead of all others in the queue. */
export async function putTakenFirst(): Promise<void> {
  await db.$executeRaw`UPDATE pgboss.job j SET priority = ${TAKEN}
    FROM evidence e JOIN cases c ON c.id = e.case_id
    WHERE ${WAITING} AND j.priority < ${TAKEN} AND e.id = (j.data->>'id')::uuid AND c.assignee_id IS NOT NULL`
}

/**
 * Compares the readings of a case's files with its claim. Police see whether they agree; they see the digits only after they
 * have `opened` the evidence.
 */
export async function readProofReading(
  scope: CaseScope,
  caseId: string,
  claimed: readonly string[],
  opened = scope.kind === 'one',
): Promise<ProofReading> {
  const files = await listReadings(scope, caseId)
  const keys = claimed as readonly ImeiKey[]
  return {
    hint: hintOf(keys, files),
    files: files.map((file) => ({
      ...file,
      says: agreementOf(keys, file.found),
      found: opened ? file.found : [],
    })),
    others: opened ? unclaimedPhones(keys, files) : [],
  }
}

export interface FilesAtAGlance {
  readonly files: number
  readonly hint: ReadingHint | null
}

/**
 * Returns the number of files and the hint of several cases, by case id; a case without files is missing.
 *
 * @param claimed first 14 digits of each claimed phone, by case id
 */
export async function readFilesAtAGlance(
  scope: CaseScope,
  claimed: ReadonlyMap<string, readonly string[]>,
): Promise<ReadonlyMap<string, FilesAtAGlance>> {
  const files = await readingsOfCases(scope, [...claimed.keys()])
  return new Map(
    [...files].map(([caseId, read]) => [
      caseId,
      { files: read.length, hint: hintOf((claimed.get(caseId) ?? []) as readonly ImeiKey[], read) },
    ]),
  )
}

/** Returns the IMEI at an index (from 0) of a file's reading; null if there is none. */
export async function findReadImei(
  tx: Tx,
  caseId: string,
  { evidence, at }: { readonly evidence: string; readonly at: number },
): Promise<string | null> {
  const files = await listReadings(citizenScope(caseId, 'full'), caseId, tx)
  return files.find(({ evidenceId }) => evidenceId === evidence)?.found[at]?.imei ?? null
}
