'use server'
import { z } from 'zod'
import { awaitKioskDevice, makeKiosk, revokeKiosk } from '#features/kiosks/acts.ts'
import { KIOSK_CEILING, KIOSK_CEILING_MAX, KIOSK_DAYS } from '#features/kiosks/rules.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { stripInvisible } from '#lib/text-normalization.ts'
import { pathFor } from '#messages/paths.ts'

const make = z.object({
  submitKey: requiredSubmitKey,
  agencyId: z
    .string({ error: 'survey.kiosk.agency' })
    .min(1, 'survey.kiosk.agency')
    .max(60, 'survey.kiosk.agency'),
  counter: z
    .string({ error: 'survey.kiosk.counter' })
    .transform((text) => stripInvisible(text).trim())
    .pipe(z.string().min(1, 'survey.kiosk.counter').max(60, 'survey.kiosk.counter')),
  ceiling: z
    .string()
    .transform((text) => (text.trim() === '' ? KIOSK_CEILING : Number(text)))
    .pipe(
      z
        .int('survey.kiosk.ceiling')
        .min(1, 'survey.kiosk.ceiling')
        .max(KIOSK_CEILING_MAX, 'survey.kiosk.ceiling'),
    )
    .default(KIOSK_CEILING),
  days: z.coerce
    .number()
    .pipe(z.union(KIOSK_DAYS.map((days) => z.literal(days))))
    .catch(KIOSK_DAYS[1]),
})

export const makeKioskAction = staffAction(
  { schema: make, permission: 'survey:manage' },
  async (actor, input, { locale, now }) => {
    const made = await makeKiosk(actor, input, now)
    if (made.ok) {
      return {
        to: pathFor(locale, { pathname: '/admin/survey/kiosks/[kiosk]', params: { kiosk: made.value } }),
      }
    }
    if (made.error === 'agency') return { faults: { agencyId: 'survey.kiosk.agency' } }
    return { faults: { form: 'sign_in.not_allowed' } }
  },
)

const oneKiosk = z.object({ kioskId: z.uuid('general.invalid') })

export const awaitKioskDeviceAction = staffAction(
  { schema: oneKiosk, permission: 'survey:manage' },
  async (actor, { kioskId }, { locale, now }) => {
    const waiting = await awaitKioskDevice(actor, kioskId, now)
    if (waiting.ok || waiting.error === 'gone') {
      const params = { kiosk: kioskId }
      return { to: pathFor(locale, { pathname: '/admin/survey/kiosks/[kiosk]', params }) }
    }
    return { faults: { form: 'sign_in.not_allowed' } }
  },
)

export const revokeKioskAction = staffAction(
  { schema: oneKiosk, permission: 'survey:manage' },
  async (actor, { kioskId }, { locale, now }) => {
    const revoked = await revokeKiosk(actor, kioskId, now)
    // It was revoked before, perhaps by the same button: the result is the wanted one.
    if (revoked.ok || revoked.error === 'gone')
      return { to: pathFor(locale, { pathname: '/admin/survey/kiosks', query: { done: 'revoked' } }) }
    return { faults: { form: 'sign_in.not_allowed' } }
  },
)
