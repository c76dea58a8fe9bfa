'use server'
import { z } from 'zod'
import { renewRecoveryCodes } from '#features/accounts/factors/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'

export const renewRecoveryCodesAction = staffAction(
  { schema: z.object({ submitKey: requiredSubmitKey }), stepUp: 'always' },
  async (actor, { submitKey }, { now }) => ({
    // The codes can be read only once: they are in this answer only.
    result: { recoveryCodes: (await renewRecoveryCodes(actor, now, submitKey)).join(' ') },
  }),
)
