'use server'
import { z } from 'zod'
import { acceptInvitation } from '#features/accounts/invitations/acts.ts'
import { citizenAction } from '#http/action.ts'
import { enrollingBrowser } from '#http/enrolment.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { invitationSecret } from '#http/invitation.ts'
import { currentStaff } from '#http/session.ts'

const schema = z
  .object({
    // The command checks the other password rules. The minimum here gives an empty form all its faults at once.
    password: z.string('sign_in.too_short').min(1, 'sign_in.too_short'),
    passwordAgain: z.string('sign_in.different'),
    otp: z.string('sign_in.otp_missing').trim().min(1, 'sign_in.otp_missing').max(100, 'sign_in.code_wrong'),
    submitKey: requiredSubmitKey,
  })
  .refine((form) => form.password === form.passwordAgain, {
    path: ['passwordAgain'],
    message: 'sign_in.different',
  })

export const acceptInvitationAction = citizenAction(
  { schema },
  async ({ submitKey, ...factors }, { now }) => {
    const [browser, token, staff] = await Promise.all([
      enrollingBrowser(),
      invitationSecret(),
      currentStaff(),
    ])
    const signedIn = staff !== null
    const result = await acceptInvitation(token ?? '', { ...factors, browser, signedIn }, now, submitKey)
    // The codes can be read only once: they are in this answer only.
    if (result.ok) return { result: { recoveryCodes: result.value.join(' ') } }
    if (result.error === 'invitation_gone' || result.error === 'signed_in')
      return { faults: { form: `sign_in.${result.error}` } }
    return { faults: { [result.error === 'code_wrong' ? 'otp' : 'password']: `sign_in.${result.error}` } }
  },
)
