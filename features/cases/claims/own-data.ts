import '#server-only'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { contactsInForce, writtenAlike } from '../contacts/rules.ts'
import { type CaseFile, openFile } from '../particulars/data.ts'
import type { Contact } from '../particulars/rules.ts'
import { type ActiveCase, casesOfPerson } from './data.ts'
import { MOST_UNPROVEN } from './rules.ts'

export type { ActiveCase } from './data.ts'

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
  const { contact, nationalId } = person
  const contacts = contact ? [contact] : []
  const cases = await casesOfPerson({ contacts, nationalId }, keys, tx)
  return {
    onPhone: await reachedBy(cases, contacts, now, tx),
    full:
      cases.filter((one) => one.unproven).length >=
      Math.max(1, Math.floor(MOST_UNPROVEN * env().LIMIT_SCALE)),
  }
}

/**
 * Returns the active case on one of the phones of a case that is over, where both have a contact in force in common: its
 * person has reported the phone anew. Null where there is none.
 */
export async function reportedAnew(
  { particulars }: Pick<CaseFile, 'particulars'>,
  keys: readonly string[],
  now: Instant,
  tx: Tx | null,
): Promise<ActiveCase | null> {
  const contacts = contactsInForce(particulars, now)
  const cases = await casesOfPerson({ contacts, nationalId: particulars.nationalId }, keys, tx)
  return reachedBy(cases, contacts, now, tx)
}

/** Returns the newest of a person's cases on a phone that one of these contacts is told of. */
async function reachedBy(
  cases: readonly ActiveCase[],
  contacts: readonly Contact[],
  now: Instant,
  tx: Tx | null,
): Promise<ActiveCase | null> {
  const typed = contacts.flatMap(writtenAlike)
  for (const one of cases.filter(({ ofContact, onPhone }) => ofContact && onPhone)) {
    const { particulars } = await openFile({ id: one.id }, tx ?? undefined)
    // A second contact that still waits leads nobody.
    const own = contactsInForce(particulars, now).flatMap(writtenAlike)
    if (typed.some((written) => own.includes(written))) return one
  }
  return null
}
