import { z } from 'zod'
import { MAX_PAGES, PAGE_SIDES } from '#features/evidence/files/limits-rules.ts'
import { openPage } from '#features/evidence/files/page-data.ts'
import type { Access } from '#lib/access/access.ts'
import { serveFile } from '../../../serve.ts'

export const access = [
  'case:disclose',
  'holder of a case’s cookie',
  'holder of a draft’s cookie',
  'holder of an objection’s cookie',
  'holder of the cookie of an objection’s draft',
  'holder of a list of phones’ cookie',
] as const satisfies readonly Access[]

const asked = z.object({
  page: z.coerce.number().int().min(1).max(MAX_PAGES),
  side: z.coerce.number().pipe(z.literal([...PAGE_SIDES])),
})

/**
 * `GET /api/evidence/{id}/pages/{page}?side=480|1280|2400`: the picture of a page in one of its sizes, turned upright as stored;
 * 1280 without `side`. A picture is page 1 of its file.
 */
export const GET = serveFile<z.infer<typeof asked>>(
  async (reader, id, now, page) => {
    const content = await openPage(reader, id, page, now)
    return content && { mediaType: 'image/jpeg', content, disposition: { kind: 'inline', name: 'page.jpg' } }
  },
  (request, { page }) => {
    const side = new URL(request.url).searchParams.get('side') ?? 1280
    return asked.safeParse({ page, side }).data ?? null
  },
)
