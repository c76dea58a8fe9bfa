'use server'
import { z } from 'zod'
import { awaitKioskDevice, makeKiosk, revokeKiosk } from '#features/kiosks/acts.ts'
import { staffAction, staffForm } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'

export const makeKioskAction = staffForm(makeKiosk)

const oneKiosk = z.object({ kioskId: z.uuid('general.invalid') })

export const awaitKioskDeviceAction = staffAction(
  { schema: oneKiosk, permission: 'survey:manage' },
  async (actor, { kioskId }, { locale, now }) => {
    const waiting = await awaitKioskDevice(actor, kioskId, now)
    if (waiting.ok || waiting.error === 'not_found') {
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
    // Already revoked, perhaps by the same button: the wanted result.
    if (revoked.ok || revoked.error === 'not_found')
      return { to: pathFor(locale, { pathname: '/admin/survey/kiosks', query: { done: 'revoked' } }) }
    return { faults: { form: 'sign_in.not_allowed' } }
  },
)
