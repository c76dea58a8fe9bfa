import '#server-only'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { type ActiveCase, lockCasesOf } from '../repository/claims.ts'
import { openFile } from '../repository/particulars.ts'
import { MOST_UNPROVEN } from '../rules/claims.ts'
import { contactsInForce, writtenAlike } from '../rules/contact.ts'
import type { Contact } from '../rules/particulars.ts'

export type { ActiveCase } from '../repository/claims.ts'

/**
 * Returns what a person who is about to send a report has already: the newest active case on one of these phones with
 * the same confirmed contact, and whether they have as many cases without a found proof as they may. Of the same person
 * one sender at a time comes through, until the transaction ends. Reads no case of anybody else.
 *
 * @returns `full` where they may have no more of those without a found proof ({@link MOST_UNPROVEN})
 */
export async function ownClaims(
  tx: Tx,
  person: { readonly contact: Contact | null; readonly nationalId: string },
  keys: readonly string[],
  now: Instant,
): Promise<{ readonly onPhone: ActiveCase | null; readonly full: boolean }> {
  const cases = await lockCasesOf(tx, person, keys)
  const typed = person.contact ? writtenAlike(person.contact) : []
  let onPhone: ActiveCase | null = null
  for (const one of cases.filter(({ ofContact, onPhone: on }) => ofContact && on)) {
    const { particulars } = await openFile({ id: one.id }, tx)
    // A second contact that still waits leads nobody.
    const own = contactsInForce(particulars, now).flatMap(writtenAlike)
    if (typed.some((written) => own.includes(written))) onPhone ??= one
  }
  return {
    onPhone,
    full:
      cases.filter((one) => one.unproven).length >=
      Math.max(1, Math.floor(MOST_UNPROVEN * env().LIMIT_SCALE)),
  }
}
