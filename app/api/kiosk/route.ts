import { sentForm } from '#app/[locale]/(citizen)/rate/sent-form.ts'
import { rateAtKiosk } from '#features/ratings/commands/rate-at-kiosk.ts'
import { formPost } from '#http/form-post.ts'
import type { Access } from '#lib/access/access.ts'
import { rawForm } from '#lib/raw-form.ts'

export const access = 'holder of a kiosk’s link' satisfies Access

/** A form of a kiosk holds a dozen short fields. */
const MOST_BYTES = 64_000

const answer = (
  status: number,
  body: Record<string, string>,
  headers: Record<string, string> = {},
): Response => Response.json(body, { status, headers: { 'cache-control': 'no-store', ...headers } })

/**
 * `POST /api/kiosk`: an answer that a kiosk's script kept on its device, perhaps through a network break. 200 when it is
 * recorded, now or before; 422 when it never will be; anything else means: later.
 */
export const POST = formPost({
  foreign: () => answer(403, { refused: 'origin' }),
  failed: () => answer(500, { refused: 'failed' }),
  post: async (request) => {
    const length = request.headers.get('content-length')
    if (length === null) return answer(411, { refused: 'length' })
    // It never gets smaller: kept on the device, it would hold up all that waits behind it.
    if (Number(length) > MOST_BYTES) return answer(422, { refused: 'large' })
    const fields = await request.formData().catch(() => null)
    if (fields === null) return answer(400, { refused: 'form' })
    const rated = await rateAtKiosk(sentForm.parse(rawForm(fields)), new Date())
    if (rated.ok) return answer(200, { outcome: 'recorded' })
    const { error } = rated
    if (error.kind === 'kiosk') return answer(403, { refused: error.refusal })
    if (error.kind === 'limit')
      return answer(429, { refused: 'limit' }, { 'retry-after': String(error.retryAfterSeconds) })
    return answer(422, { refused: error.kind })
  },
})
