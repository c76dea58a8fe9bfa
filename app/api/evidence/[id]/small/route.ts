import { openSmall } from '#features/evidence/queries.ts'
import { serveFile } from '../../serve.ts'

/** `GET /api/evidence/{id}/small`: a small picture for a list, 320 px at most. 404 as for the copy itself. */
export const GET = serveFile(async (reader, id, now) => {
  const content = await openSmall(reader, id, now)
  return content && { mediaType: 'image/jpeg', content, disposition: { kind: 'inline', name: 'small.jpg' } }
})
