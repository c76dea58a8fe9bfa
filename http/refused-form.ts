import '#server-only'
import { headers } from 'next/headers'
import type { FormState } from '#lib/form-state.ts'

/**
 * One store per process, because Next bundles an action and its page separately. Its keys are the request's headers: both
 * bundles get the same object, and the entry is garbage-collected with it.
 */
const shared = globalThis as { antamRefused?: WeakMap<object, FormState> }
shared.antamRefused ??= new WeakMap()
const refused = shared.antamRefused

/**
 * Records the refused form of this request. Without a script the same response shows the form again, and the page's title must
 * say so; with a script the browser changes the title (components/form/error-summary.tsx).
 */
export async function noteRefused(state: FormState): Promise<void> {
  const sent = await headers()
  if (!sent.has('next-action')) refused.set(sent, state)
}

/**
 * Returns the state of this request's refused form. A form that is still on the page shows it itself; the staff frame shows it
 * if the form is gone (components/form/gone-form.tsx).
 */
export const refusedForm = async (): Promise<FormState | null> => refused.get(await headers()) ?? null

/**
 * Tells whether this page shows a refused form again: in the same response, or after a redirect by an upload or sign-in handler
 * with the fault in the address.
 */
export async function showsRefusedForm(): Promise<boolean> {
  const query = new URLSearchParams((await headers()).get('x-search') ?? '')
  return (await refusedForm()) !== null || query.has('error') || query.has('fault')
}
