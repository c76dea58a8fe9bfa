import { openOriginal } from '#features/evidence/commands.ts'
import { serveFile } from '../../serve.ts'

/** `GET /api/evidence/{id}/original`: the file as it arrived, to be saved. Staff's opening is written down. */
export const GET = serveFile(async (reader, id, now) => {
  const file = await openOriginal(reader, id, now)
  return (
    file && {
      mediaType: file.mediaType,
      content: file.content,
      disposition: { kind: 'attachment', name: file.name },
    }
  )
})
