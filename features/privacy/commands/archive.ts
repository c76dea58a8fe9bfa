import '#server-only'
import { strToU8, Zip, ZipDeflate, ZipPassThrough } from 'fflate'
import { evidenceOf, openFile } from '#features/evidence/queries.ts'
import { downloadName } from '#features/evidence/rules/file-name.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { PersonalData } from '../rules/personal-data.ts'

/**
 * Yields everything held of a case as one ZIP: the JSON, and each file as it arrived under `files/`. A chunk is read when the
 * one before it has been taken, so that no more than a chunk of a file is in memory.
 *
 * @throws where a file is lost or is not what was sealed: what breaks off is no archive
 */
export async function* archiveOf(
  scope: CaseScope,
  caseId: string,
  data: PersonalData,
  now: Instant,
): AsyncGenerator<Uint8Array> {
  const made: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    made.push(chunk)
  })
  const json = new ZipDeflate(`an-tam-${data.case.number}.json`)
  zip.add(json)
  json.push(strToU8(JSON.stringify(data, null, 2)), true)
  yield* made.splice(0)
  const reader = { scope, actor: { kind: 'citizen' } } as const
  for (const [index, { id, fileName, mediaType }] of (await evidenceOf(scope, caseId)).entries()) {
    const file = await openFile(reader, id, 'original', now)
    if (!file) continue
    // Numbered, for two files may have one name. Pictures and PDFs are compressed already.
    const name = `files/${String(index + 1).padStart(2, '0')}-${downloadName(fileName, mediaType)}`
    const entry = new ZipPassThrough(name)
    zip.add(entry)
    for await (const chunk of file.content) {
      entry.push(chunk)
      yield* made.splice(0)
    }
    entry.push(new Uint8Array(0), true)
    yield* made.splice(0)
  }
  zip.end()
  yield* made.splice(0)
}
