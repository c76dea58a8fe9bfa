import '#server-only'
import { headers } from 'next/headers'
import { z } from 'zod'
import { may, type Permission } from '#domain/access/roles.ts'
import type { FormAction, FormState } from '#domain/form-state.ts'
import { type ActionContext, type Outcome, run } from './action.ts'
import { currentStaff, type SignedInStaff, signInFirst } from './session.ts'

/**
 * An action for somebody who is signed in and may do `permission`: both are read from the database again. A session
 * that has ended meanwhile is told beside the form, which keeps what was written, or on the sign-in page.
 */
export function staffAction<S extends z.ZodType>(
  spec: { readonly schema: S; readonly permission: Permission },
  act: (actor: SignedInStaff, input: z.output<S>, context: ActionContext) => Promise<Outcome>,
): FormAction {
  return async (_previous, form) => {
    const actor = await currentStaff()
    // Without a script the page is made anew, and nobody is there to see it.
    if (!actor && !(await headers()).has('next-action')) return signInFirst('not_saved')
    if (!actor) return refuse(form, 'sign_in.session_ended')
    if (!may(actor.role, spec.permission)) return refuse(form, 'sign_in.not_allowed')
    return run(spec.schema, form, (input, context) => act(actor, input, context))
  }
}

/** What was sent is not even read: it is only shown again. */
const refuse = (form: FormData, fault: string): Promise<FormState> =>
  run(z.unknown(), form, async () => ({ faults: { form: fault } }))
