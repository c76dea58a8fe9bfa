import '#server-only'
import type { Readable } from 'node:stream'
import { isOpenTo } from '#features/disclosures/openings/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import { type CaseScope, citizenScope, reachesUnit, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, rawQuery, type Tx } from '#platform/db.ts'
import { log } from '#platform/log.ts'
import { inScope, oncePerPage } from '#platform/scope.ts'
import { DamagedFile } from '#platform/sealed-stream.ts'
import { withSemaphore } from '#platform/semaphore.ts'
import { MissingFile } from '#platform/storage.ts'
import { isScanning } from '#platform/virus-scanner.ts'
import { type FilePart, open, openBytes } from '../files.ts'
import { smallerCopy } from '../pictures.ts'
import { closedBy } from '../scans/rules.ts'
import { quarters } from '../turning/rules.ts'
import { count, findFile, list, type StoredEvidence } from './data.ts'
import { type PageSide, SMALL_SIDE, VIEW_SIDE } from './limits-rules.ts'
import {
  downloadName,
  type EvidenceItem,
  type EvidenceKind,
  isMediaType,
  type MediaType,
  type ViewPage,
} from './rules.ts'

const toItem = (file: StoredEvidence, staff: boolean): EvidenceItem => {
  const closedFor = closedBy(file, { staff, scanning: isScanning() })
  const seen = file.viewWidth && file.viewHeight ? { width: file.viewWidth, height: file.viewHeight } : null
  return {
    id: file.id,
    kind: file.kind,
    state: file.state,
    closed: closedFor,
    finding: file.scanFinding,
    fileName: file.fileName,
    mediaType: typeOf(file),
    byteSize: file.byteSize,
    view: closedFor === null ? seen : null,
    pages: closedFor === null ? countPages(file) : [],
    eventSeq: file.eventSeq,
    createdAt: file.createdAt,
  }
}

export function countPages(file: StoredEvidence): readonly ViewPage[] {
  const { viewWidth, viewHeight, turns } = file
  const [widths, heights] =
    viewWidth && viewHeight ? [[viewWidth], [viewHeight]] : [file.pageWidths, file.pageHeights]
  return widths.map((width, at) => ({ width, height: heights[at] ?? width, turns: quarters(turns[at] ?? 0) }))
}

function typeOf(file: StoredEvidence): MediaType {
  if (!isMediaType(file.mediaType)) throw new Error('a stored media type that the product does not take')
  return file.mediaType
}

/** Returns the file without its name and pictures, for readers who have not opened the papers. */
const closed = (item: EvidenceItem): EvidenceItem => ({ ...item, fileName: null, view: null, pages: [] })

/**
 * Returns the files of a case, or of the draft with the same id, in order of arrival; none outside the scope. Police get the list
 * without names and pictures unless they have `opened` the case.
 */
export async function listEvidence(
  scope: CaseScope,
  caseId: string,
  opened = scope.kind === 'one',
): Promise<readonly EvidenceItem[]> {
  const items = (await list(scope, caseId)).map((file) => toItem(file, scope.kind !== 'one'))
  return opened ? items : items.map(closed)
}

/** Returns the files as {@link listEvidence} does, each with the SHA-256 of its original in hex. */
export async function listEvidenceWithHashes(scope: CaseScope, caseId: string) {
  const [items, rows] = await Promise.all([
    listEvidence(scope, caseId),
    db.evidence.findMany({ where: { caseId }, select: { id: true, sha256: true } }),
  ])
  const hashes = new Map(rows.map(({ id, sha256 }) => [id, sha256]))
  return items.map((item) => ({
    ...item,
    sha256: Buffer.from(hashes.get(item.id) ?? []).toString('hex'),
  }))
}

export async function listEvidenceKinds(tx: Tx, caseIds: readonly string[]): Promise<EvidenceKind[]> {
  const rows = await tx.evidence.findMany({
    where: { caseId: { in: [...caseIds] } },
    distinct: ['kind'],
    select: { kind: true },
  })
  return rows.map(({ kind }) => kind)
}

export const countEvidence = (caseId: string, tx?: Tx): Promise<number> =>
  inScope(citizenScope(caseId, 'full'), () => count(caseId, tx))

/** Counts the photos of the phone's own screen that came with an objection since its code word was drawn. */
export const countScreensSince = (id: string, since: Instant, tx: Tx = db): Promise<number> =>
  inScope(citizenScope(id, 'full'), () =>
    tx.evidence.count({ where: { caseId: id, kind: 'screen', createdAt: { gte: since } } }),
  )

/** Returns the files of this case that were used, byte for byte, in another case: a warning for police. */
export async function listSameFiles(
  scope: CaseScope,
  caseId: string,
): Promise<
  readonly {
    readonly evidenceId: string
    readonly numbers: readonly string[]
    /** Number of other cases, also outside the reader's districts; of very many, only those of the newest fifty uses. */
    readonly cases: number
  }[]
> {
  const uses = Map.groupBy(await listUsedElsewhere(scope, caseId), (use) => use.id)
  return [...uses].map(([evidenceId, cases]) => ({
    evidenceId,
    numbers: cases
      .filter((c) => reachesUnit(scope, c.unitId))
      .map((c) => c.number)
      .toSorted(),
    cases: cases.length,
  }))
}

const MOST_USES = 50

/** Returns the other sent cases in which each of a case's files was also used, byte for byte, newest first. */
async function listUsedElsewhere(
  scope: CaseScope,
  caseId: string,
): Promise<{ id: string; number: string; unitId: string }[]> {
  const mine = await list(scope, caseId)
  if (mine.length === 0) return []
  return inScope(systemScope(), () => usesOnPage(mine.map(({ id }) => id).join()))
}

const usesOnPage = oncePerPage((ids) => {
  // One statement for all files of the case. The limit is per file, so that a very common file leaves room for the others.
  const uses = Prisma.sql`
    SELECT DISTINCT e.id, used.number, used.unit_id AS "unitId"
    FROM evidence e
    CROSS JOIN LATERAL (
      SELECT c.number, c.unit_id
      FROM evidence o JOIN cases c ON c.id = o.case_id
      WHERE o.sha256 = e.sha256 AND o.case_id <> e.case_id
      ORDER BY o.created_at DESC
      LIMIT ${MOST_USES}
    ) used
    WHERE e.id = ANY(${ids.split(',')}::uuid[])`
  return rawQuery<{ id: string; number: string; unitId: string }>(db, uses)
})

export interface OpenFile {
  readonly caseId: string
  readonly mediaType: MediaType
  readonly name: string
  readonly content: Readable
}

export interface FileReader {
  readonly scope: CaseScope
  readonly actor: { readonly kind: 'citizen' } | StaffReader
}

/**
 * Returns a file within the reader's scope. Null also if it is infected and, for police, while its virus scan is pending or
 * before they have opened its case.
 */
export async function reach(
  { scope, actor }: FileReader,
  id: string,
  now: Instant,
): Promise<StoredEvidence | null> {
  const file = await findFile(scope, id)
  if (!file || closedBy(file, { staff: actor.kind === 'staff', scanning: isScanning() }) !== null) return null
  return actor.kind === 'staff' && !(await isOpenTo(actor, file.caseId, now)) ? null : file
}

/** Opens a part of a file, decrypted while it is read; null if it does not exist or the reader may not see it. */
export async function openEvidence(
  reader: FileReader,
  id: string,
  part: FilePart,
  now: Instant,
): Promise<OpenFile | null> {
  const file = await reach(reader, id, now)
  if (!file || (part === 'view' && file.viewKey === null)) return null
  const mediaType = part === 'view' ? 'image/jpeg' : typeOf(file)
  return {
    caseId: file.caseId,
    mediaType,
    name: downloadName(file.fileName, mediaType),
    content: await open(file.key, id, part),
  }
}

/** Returns whether an error means that the store has lost a file, and logs it. */
export function isLost(error: unknown): boolean {
  if (!(error instanceof MissingFile)) return false
  log().error({ err: error }, 'a file of evidence is not in its store')
  return true
}

/** Returns whether an error means that a stored file has changed, and logs it. */
export function isDamaged(error: unknown): boolean {
  if (!(error instanceof DamagedFile)) return false
  log().error({ err: error }, 'a file of evidence is not what was stored')
  return true
}

/** Limits how many pictures are resized at once, because their pixels are held in memory. */
const inTurn = <T>(work: () => Promise<T>): Promise<T> =>
  withSemaphore('evidence pictures', { limit: 2 }, work)

/** Returns a thumbnail as JPEG; null as in {@link openEvidence}. */
export async function openSmall(reader: FileReader, id: string, now: Instant): Promise<Buffer | null> {
  const file = await reach(reader, id, now)
  if (!file || file.viewKey === null) return null
  return inTurn(async () => smallerCopy(await openBytes(file.key, id, 'view'), SMALL_SIDE))
}

/**
 * Returns the picture of a page (from 1) as JPEG, at most `side` pixels long; null as in {@link openEvidence}, or
 * if there is no such page.
 */
export async function openPage(
  reader: FileReader,
  id: string,
  { page, side }: { readonly page: number; readonly side: PageSide },
  now: Instant,
): Promise<Buffer | Readable | null> {
  const file = await reach(reader, id, now)
  if (!file || page > countPages(file).length) return null
  const part = file.viewKey === null ? (`page${page}` as const) : 'view'
  if (side === VIEW_SIDE) return open(file.key, id, part)
  return inTurn(async () => smallerCopy(await openBytes(file.key, id, part), side))
}
