import '#server-only'
import { headers } from 'next/headers'

/** One store for each process: Next bundles an action and its page apart. */
const shared = globalThis as { antamRefused?: Set<string> }
shared.antamRefused ??= new Set()
const refused = shared.antamRefused

/** More than are answered at once; a request that is never drawn is forgotten after as many others. */
const MOST = 1_000

/**
 * Notes that the form of this request is refused. Without a script the same answer shows it again, and the page's title
 * has to say so; with one the title is changed in the browser (components/form/error-summary.tsx).
 */
export async function noteRefused(): Promise<void> {
  const sent = await headers()
  const id = sent.get('x-request-id')
  if (id === null || sent.has('next-action')) return
  refused.add(id)
  if (refused.size > MOST) refused.delete([...refused][0] ?? '')
}

/**
 * Tells whether this page shows a form again that was refused: in the answer to it, or where a handler of files or of the
 * sign-in led here with the fault in the address.
 */
export async function showsRefusedForm(): Promise<boolean> {
  const sent = await headers()
  const query = new URLSearchParams(sent.get('x-search') ?? '')
  return refused.has(sent.get('x-request-id') ?? '') || query.has('error') || query.has('fault')
}
