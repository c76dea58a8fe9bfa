import '#server-only'
import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { evidenceOf, type FileReader, isDamaged, isLost, openFile } from '#features/evidence/queries.ts'
import { downloadName } from '#features/evidence/rules/file-name.ts'
import type { EvidenceItem } from '#features/evidence/rules/item.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { PersonalData } from '../rules/personal-data.ts'

/** A file that the archive has not, or not whole. */
export interface Gap {
  readonly name: string
  readonly why: 'lost' | 'damaged' | 'infected'
}

/** Says gaps in words, as a text file of the archive. */
export type SayGaps = (gaps: readonly Gap[]) => { readonly name: string; readonly text: string }

/**
 * Yields everything held of a case as one ZIP: the JSON, and each file as it arrived under `files/`. A chunk is read when the
 * one before it has been taken, so that no more than a chunk of a file is in memory. A file that is lost or damaged in the
 * store is named in a text file at the end: the others are their person's all the same.
 *
 * @throws where the store does not answer: what breaks off is no archive, and can be asked for again
 */
export async function* archiveOf(
  scope: CaseScope,
  caseId: string,
  data: PersonalData,
  sayGaps: SayGaps,
  now: Instant,
): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  const addText = (name: string, text: string) => {
    const entry = new ZipDeflate(name)
    zip.add(entry)
    entry.push(strToU8(text), true)
  }
  addText(`an-tam-${data.case.number}.json`, JSON.stringify(data, null, 2))
  yield* made.splice(0)
  const reader = { scope, actor: { kind: 'citizen' } } as const
  const gaps: Gap[] = []
  for (const [index, item] of (await evidenceOf(scope, caseId)).entries()) {
    // Numbered, for two files may have one name.
    const name = `files/${String(index + 1).padStart(2, '0')}-${downloadName(item.fileName, item.mediaType)}`
    const content = await contentOf(reader, item, now)
    if (content === null) continue
    if (typeof content === 'string') {
      gaps.push({ name, why: content })
      continue
    }
    // Pictures and PDFs are compressed already.
    const entry = new ZipPassThrough(name)
    zip.add(entry)
    try {
      for await (const chunk of content) {
        entry.push(chunk)
        yield* made.splice(0)
      }
    } catch (error) {
      if (!isDamaged(error)) throw error
      gaps.push({ name, why: 'damaged' })
    }
    entry.push(new Uint8Array(0), true)
    yield* made.splice(0)
  }
  if (gaps.length > 0) {
    const { name, text } = sayGaps(gaps)
    addText(name, text)
  }
  zip.end()
  yield* made.splice(0)
}

/** Returns a file's content, or why there is none; null where its person has taken it away meanwhile. */
async function contentOf(reader: FileReader, { id, closed }: EvidenceItem, now: Instant) {
  if (closed === 'infected') return closed
  try {
    return (await openFile(reader, id, 'original', now))?.content ?? null
  } catch (error) {
    if (!isLost(error)) throw error
    return 'lost'
  }
}
