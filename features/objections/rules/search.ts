import type { Contact } from '#features/cases/rules/particulars.ts'
import { readSearch } from '#features/cases/rules/search.ts'
import type { Instant } from '#lib/time.ts'
import { type ObjectionNumber, objectionNumbers } from './number.ts'

/** The meaning of a line in the search box: one of these. */
export type ObjectionSearch =
  | { readonly number: ObjectionNumber }
  /** The case that blocks the phone. */
  | { readonly caseNumber: string }
  /** First 14 digits of an IMEI. */
  | { readonly imeiKey: string }
  | { readonly contact: Contact }

/** Reads a search for objections: its number or the case's, an IMEI in any writing, or a holder's contact; or null. */
export function readObjectionSearch(text: string, now: Instant): ObjectionSearch | null {
  const number = objectionNumbers.parse(text)
  if (number.ok) return { number: number.value }
  const { number: caseNumber, imeiKey, values } = readSearch(text, now)
  if (caseNumber !== null) return { caseNumber }
  if (imeiKey !== null) return { imeiKey }
  const contact = values.find(({ kind }) => kind === 'phone' || kind === 'email')
  return contact ? { contact: contact as Contact } : null
}
