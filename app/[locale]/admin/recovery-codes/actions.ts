'use server'
import { z } from 'zod'
import { renewRecoveryCodes } from '#features/accounts/factors/acts.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'

export const renewRecoveryCodesAction = staffAction(
  { schema: z.object({ submitKey: requiredSubmitKey }), stepUp: 'always' },
  async (actor, { submitKey }, { now }) => ({
    // The one time they can be read: they stand in this answer and nowhere else.
    result: { recoveryCodes: (await renewRecoveryCodes(actor, now, submitKey)).join(' ') },
  }),
)
