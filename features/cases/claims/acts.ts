import '#server-only'
import { notify } from '#features/notices/acts.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { contactsInForce } from '../contacts/rules.ts'
import { openCaseFile } from '../particulars/data.ts'
import { findCase, lockCase } from '../record/data.ts'
import type { CaseSnapshot } from '../record/snapshot-rules.ts'

export { lockCase } from '../record/data.ts'

/** Tells the contacts of a case that its phone was about to be reported again, and that this case already covers it. */
export async function tellOfOwnCase(
  tx: Tx,
  { id, number }: { readonly id: string; readonly number: string },
  now: Instant,
): Promise<void> {
  const { key, particulars, locale } = await openCaseFile({ id }, tx)
  for (const to of contactsInForce(particulars, now))
    await notify(tx, { key, to, template: 'reported_again', locale, params: { number }, at: now })
}

/**
 * Locks the case for which carriers were told to block a phone until the transaction ends, and returns it; null if there is none,
 * or if it is not public yet.
 */
export const lockBlockingCase = (tx: Tx, key14: string): Promise<CaseSnapshot | null> =>
  inScope(systemScope(), async () => {
    const id = await findListedCase(tx, key14)
    if (id === null) return null
    await lockCase(tx, id)
    return findCase(systemScope(), { id }, tx)
  })

/** Returns the case for which a phone is listed; of several, the one with the primary claim. */
async function findListedCase(tx: Tx, key14: string): Promise<string | null> {
  const row = await tx.caseImei.findFirst({
    where: { key14, isPublic: true },
    orderBy: { primaryClaim: 'desc' },
    select: { caseId: true },
  })
  return row?.caseId ?? null
}
