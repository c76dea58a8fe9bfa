import '#server-only'
import { headers } from 'next/headers'
import type { FormState } from '#lib/form-state.ts'

/**
 * One store for each process, as Next bundles an action and its page apart. Its keys are the headers of a request, which
 * are the same object for both, and are forgotten with it.
 */
const shared = globalThis as { antamRefused?: WeakMap<object, FormState> }
shared.antamRefused ??= new WeakMap()
const refused = shared.antamRefused

/**
 * Notes that the form of this request is refused. Without a script the same answer shows it again, and the page's title
 * has to say so; with one the title is changed in the browser (components/form/error-summary.tsx).
 */
export async function noteRefused(state: FormState): Promise<void> {
  const sent = await headers()
  if (!sent.has('next-action')) refused.set(sent, state)
}

/**
 * Returns the answer to the refused form of this request. A form that is still on the page shows it by itself; the frame
 * of the staff's section shows it where the form is gone (components/form/gone-form.tsx).
 */
export const refusedForm = async (): Promise<FormState | null> => refused.get(await headers()) ?? null

/**
 * Tells whether this page shows a form again that was refused: in the answer to it, or where a handler of files or of the
 * sign-in led here with the fault in the address.
 */
export async function showsRefusedForm(): Promise<boolean> {
  const query = new URLSearchParams((await headers()).get('x-search') ?? '')
  return (await refusedForm()) !== null || query.has('error') || query.has('fault')
}
