import { openFile } from '#features/evidence/queries.ts'
import { serveFile } from '../serve.ts'

/** `GET /api/evidence/{id}`: the copy for viewing, in the browser. 404 for a file that has none, such as a PDF. */
export const GET = serveFile(async (reader, id, now) => {
  const file = await openFile(reader, id, 'view', now)
  return (
    file && {
      mediaType: file.mediaType,
      content: file.content,
      disposition: { kind: 'inline', name: file.name },
    }
  )
})
