import { z } from 'zod'
import { type PairingRefusal, pairKioskDevice } from '#features/kiosks/acts.ts'
import { formPost } from '#http/form-post.ts'
import type { Access } from '#lib/access/access.ts'
import { rawForm } from '#lib/raw-form.ts'

export const access = 'holder of a kiosk’s link' satisfies Access

/** The public key is a form's field; a longer body is not read. */
const MOST_BYTES = 4_000

const short = z.string().max(400).catch('')
const typed = z
  .object({ kiosk: short, agency: short, code: short, publicKey: short })
  .transform(({ kiosk, agency, code, publicKey }) => ({ token: kiosk, agencyId: agency, code, publicKey }))

const answer = (
  status: number,
  body: { readonly refused?: PairingRefusal | 'origin' | 'failed' | 'length' },
) => Response.json(body, { status, headers: { 'cache-control': 'no-store' } })

/** `POST /api/kiosk/pairing`: the public key that a kiosk's device has made, with the code shown to the survey manager. */
export const POST = formPost({
  foreign: () => answer(403, { refused: 'origin' }),
  failed: () => answer(500, { refused: 'failed' }),
  post: async (request) => {
    const length = request.headers.get('content-length')
    if (length === null || Number(length) > MOST_BYTES) return answer(413, { refused: 'length' })
    const fields = await request.formData().catch(() => new FormData())
    const paired = await pairKioskDevice(typed.parse(rawForm(fields)), new Date())
    return paired.ok
      ? answer(200, {})
      : answer(paired.error === 'many' ? 429 : 403, { refused: paired.error })
  },
})
