import { openOriginal } from '#features/evidence/files/acts.ts'
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

const serve = (pressed: 'once' | 'twice') =>
  serveFile(async (reader, id, now) => {
    const file = await openOriginal(reader, id, now, pressed)
    return (
      file && {
        mediaType: file.mediaType,
        content: file.content,
        disposition: { kind: 'attachment', name: file.name },
      }
    )
  })

/** `GET /api/evidence/{id}/original`: the original file as a download, for the person who sent it. 404 for staff. */
export const GET = serve('once')

/** `POST /api/evidence/{id}/original`: the same, also for staff after a second press; audited. */
export const POST = serve('twice')
