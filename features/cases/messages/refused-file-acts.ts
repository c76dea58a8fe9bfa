import '#server-only'
import { notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { openFile } from '../particulars/data.ts'
import { isImported } from '../particulars/rules.ts'
import { find } from '../record/data.ts'

/**
 * Asks the person of a case for another copy of a file that has a virus. Asks nobody where police brought the case in,
 * since the files are their own. Returns false where there is no such case.
 */
export async function tellRefusedFile(tx: Tx, caseId: string, now: Instant): Promise<boolean> {
  const found = await find(systemScope(), { id: caseId }, tx)
  if (found === null) return false
  const { key, locale, particulars } = await openFile(found, tx)
  const params = { number: found.number }
  if (isImported(particulars)) return true
  for (const to of contactsInForce(particulars, now))
    await notify(tx, { key, to, template: 'file_refused', locale, params, at: now })
  return true
}
