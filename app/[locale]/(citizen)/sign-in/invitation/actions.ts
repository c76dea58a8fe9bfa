'use server'
import { z } from 'zod'
import type { FormState } from '#domain/form-state.ts'
import { pathFor } from '#messages/paths.ts'
import { acceptInvitation } from '#server/accounts/commands/account.ts'
import { citizenAction } from '#server/entry/action.ts'

const schema = z
  .object({
    token: z.string().max(100, 'general.invalid'),
    password: z.string('sign_in.too_short'),
    passwordAgain: z.string('sign_in.different'),
  })
  .refine((form) => form.password === form.passwordAgain, {
    path: ['passwordAgain'],
    message: 'sign_in.different',
  })

const accept = citizenAction({ schema }, async ({ token, password }, { locale, now }) => {
  const result = await acceptInvitation(token, password, now)
  if (result.ok) return { to: pathFor(locale, { pathname: '/sign-in', query: { welcome: '1' } }) }
  if (result.error === 'invitation_gone') return { faults: { form: 'sign_in.invitation_gone' } }
  return { faults: { password: `sign_in.${result.error}` } }
})

export async function acceptInvitationAction(previous: FormState, form: FormData): Promise<FormState> {
  return accept(previous, form)
}
