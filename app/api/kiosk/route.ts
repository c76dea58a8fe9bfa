import { sentForm } from '#app/[locale]/(citizen)/rate/sent-form.ts'
import { rateAtKiosk } from '#features/kiosks/acts.ts'
import { KIOSK_PACE } from '#features/kiosks/rules.ts'
import { formPost } from '#http/form-post.ts'
import type { Access } from '#lib/access/access.ts'
import { rawForm } from '#lib/raw-form.ts'
import { SECOND } from '#lib/time.ts'

export const access = 'holder of a paired kiosk’s key' satisfies Access

/** A kiosk's form has a dozen short fields. */
const MOST_BYTES = 64_000

/** Every answer has the server's time in seconds, so that a device with a wrong clock can correct the times of its answers. */
const answer = (
  status: number,
  body: Record<string, string>,
  headers: Record<string, string> = {},
): Response =>
  Response.json(
    { ...body, now: Math.floor(Date.now() / SECOND) },
    { status, headers: { 'cache-control': 'no-store', ...headers } },
  )

/** A device with a wrong clock corrects the time and sends again. */
const KIOSK_STATUS: Readonly<Record<string, number>> = { clock: 409 }

/**
 * `POST /api/kiosk`: an answer that a kiosk's device signed and kept, perhaps during a network failure. 200 when it is recorded,
 * now or before; 422 when it never will be; any other status means: send again later.
 */
export const POST = formPost({
  foreign: () => answer(403, { refused: 'origin' }),
  failed: () => answer(500, { refused: 'failed' }),
  post: async (request) => {
    const length = request.headers.get('content-length')
    if (length === null) return answer(411, { refused: 'length' })
    // It never gets smaller: if the device kept it, it would hold up everything that waits behind it.
    if (Number(length) > MOST_BYTES) return answer(422, { refused: 'large' })
    const fields = await request.formData().catch(() => null)
    if (fields === null) return answer(400, { refused: 'form' })
    const rated = await rateAtKiosk(sentForm.parse(rawForm(fields)), new Date())
    if (rated.ok) return answer(200, { outcome: 'recorded' })
    const { error } = rated
    if (error.kind === 'kiosk') return answer(KIOSK_STATUS[error.refusal] ?? 403, { refused: error.refusal })
    if (error.kind === 'pace') return answer(429, { refused: 'pace' }, { 'retry-after': String(KIOSK_PACE) })
    if (error.kind === 'limit')
      return answer(429, { refused: 'limit' }, { 'retry-after': String(error.retryAfterSeconds) })
    return answer(422, { refused: error.kind })
  },
})
