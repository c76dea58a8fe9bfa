import { openOriginal } from '#server/evidence/commands.ts'
import { serveFile } from '../../serve.ts'

export const dynamic = 'force-dynamic'

/** `GET /api/evidence/{id}/original`: the file as it arrived, to be saved. Staff's opening is written down. */
export const GET = serveFile(async ({ scope, actor }, id) => {
  const file = await openOriginal(scope, actor, id, new Date())
  return (
    file && {
      mediaType: file.mediaType,
      content: file.content,
      disposition: { kind: 'attachment', name: file.name },
    }
  )
})
