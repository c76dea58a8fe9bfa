import { openEvidence } from '#features/evidence/files/page-data.ts'
import type { Access } from '#lib/access/access.ts'
import { serveFile } from '../serve.ts'

export const access = [
  'case:disclose',
  'holder of a case’s cookie',
  'holder of a draft’s cookie',
  'holder of an objection’s cookie',
  'holder of the cookie of an objection’s draft',
  'holder of a list of phones’ cookie',
] as const satisfies readonly Access[]

/** `GET /api/evidence/{id}`: the viewing copy, shown in the browser. 404 for a file that has none, such as a PDF. */
export const GET = serveFile(async (reader, id, now) => {
  const file = await openEvidence(reader, id, 'view', now)
  return (
    file && {
      mediaType: file.mediaType,
      content: file.content,
      disposition: { kind: 'inline', name: file.name },
    }
  )
})
