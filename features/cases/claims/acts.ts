import '#server-only'
import { notify } from '#features/notices/acts.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { openFile } from '../particulars/data.ts'

/** Tells the contacts of a case that its phone was about to be reported again, and that this case is the one to follow. */
export async function tellOfOwnCase(
  tx: Tx,
  { id, number }: { readonly id: string; readonly number: string },
  now: Instant,
): Promise<void> {
  const { key, particulars, locale } = await openFile({ id }, tx)
  for (const to of contactsInForce(particulars, now))
    await notify(tx, { key, to, template: 'reported_again', locale, params: { number }, at: now })
}
