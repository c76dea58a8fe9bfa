import '#server-only'
import type { Readable } from 'node:stream'
import type { CaseScope } from '#domain/access/scope.ts'
import { downloadName } from '#domain/evidence/file-name.ts'
import type { EvidenceItem } from '#domain/evidence/item.ts'
import { isMediaType, type MediaType } from '#domain/evidence/media-type.ts'
import type { Tx } from '#server/platform/db.ts'
import { type FilePart, open, openBytes } from './files.ts'
import { smallCopy } from './pictures.ts'
import { count, find, hashesById, list, type StoredEvidence, usedElsewhere } from './repository.ts'
import { turns } from './turns.ts'

const toItem = (file: StoredEvidence): EvidenceItem => ({
  id: file.id,
  kind: file.kind,
  state: file.state,
  fileName: file.fileName,
  mediaType: typeOf(file),
  byteSize: file.byteSize,
  view: file.viewWidth && file.viewHeight ? { width: file.viewWidth, height: file.viewHeight } : null,
  eventSeq: file.eventSeq,
  createdAt: file.createdAt,
})

function typeOf(file: StoredEvidence): MediaType {
  if (!isMediaType(file.mediaType)) throw new Error('a stored media type that the product does not take')
  return file.mediaType
}

/** The files of a case, or of the draft with the same id, in the order they came. Nothing outside the scope. */
export const evidenceOf = async (scope: CaseScope, caseId: string): Promise<readonly EvidenceItem[]> =>
  (await list(scope, caseId)).map(toItem)

/** The same with the SHA-256 of each file as it arrived, in hex. */
export async function evidenceWithHashes(scope: CaseScope, caseId: string) {
  const [items, hashes] = await Promise.all([evidenceOf(scope, caseId), hashesById(caseId)])
  return items.map((item) => ({
    ...item,
    sha256: Buffer.from(hashes.get(item.id) ?? []).toString('hex'),
  }))
}

/** How many files a case or draft has at this moment. */
export const countEvidence = (caseId: string, tx?: Tx): Promise<number> => count(caseId, tx)

export interface SameFile {
  readonly evidenceId: string
  /** The other cases' numbers that the reader may open. */
  readonly numbers: readonly string[]
  /** How many other cases there are in all, the reader's districts or not. */
  readonly cases: number
}

/** A warning for police: files of this case that were used, byte for byte, in another case. */
export async function sameFileElsewhere(scope: CaseScope, caseId: string): Promise<readonly SameFile[]> {
  const uses = Map.groupBy(await usedElsewhere(scope, caseId), (use) => use.id)
  return [...uses].map(([evidenceId, cases]) => ({
    evidenceId,
    numbers: cases
      .filter((c) => scope.kind === 'city' || (scope.kind === 'area' && c.areaId === scope.areaId))
      .map((c) => c.number)
      .toSorted(),
    cases: cases.length,
  }))
}

export interface OpenFile {
  readonly caseId: string
  readonly mediaType: MediaType
  readonly name: string
  readonly content: Readable
}

/** A part of a file, decrypted as it is read; null where there is none or the scope does not reach. */
export async function openFile(scope: CaseScope, id: string, part: FilePart): Promise<OpenFile | null> {
  const file = await find(scope, id)
  if (!file || (part === 'view' && file.viewKey === null)) return null
  const mediaType = part === 'view' ? 'image/jpeg' : typeOf(file)
  return {
    caseId: file.caseId,
    mediaType,
    name: downloadName(file.fileName, mediaType),
    content: await open(file.key, id, part),
  }
}

const turn = turns(2)

/** A small picture of a file for a list, as JPEG; null as in {@link openFile}. */
export async function openSmall(scope: CaseScope, id: string): Promise<Buffer | null> {
  const file = await find(scope, id)
  if (!file || file.viewKey === null) return null
  return turn(async () => smallCopy(await openBytes(file.key, id, 'view')))
}
