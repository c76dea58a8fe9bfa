import { openSmall } from '#features/evidence/files/page-data.ts'
import type { Access } from '#lib/access/access.ts'
import { serveFile } from '../../serve.ts'

export const access = [
  'case:disclose',
  'holder of a case’s cookie',
  'holder of a draft’s cookie',
  'holder of an objection’s cookie',
  'holder of the cookie of an objection’s draft',
  'holder of a list of phones’ cookie',
] as const satisfies readonly Access[]

/** `GET /api/evidence/{id}/small`: a thumbnail for lists, 320 px at most. 404 as for the viewing copy. */
export const GET = serveFile(async (reader, id, now) => {
  const content = await openSmall(reader, id, now)
  return content && { mediaType: 'image/jpeg', content, disposition: { kind: 'inline', name: 'small.jpg' } }
})
