import type { Contact } from '#features/cases/particulars/rules.ts'
import type { IdKind } from '#lib/person/national-id.ts'

/** A person as their report will name them. */
export interface RegisteredPerson {
  readonly fullName: string
  readonly idKind: IdKind
  readonly nationalId: string
}

/** The sealed content of a list of phones. */
export interface RegistrantContent {
  /** Each has answered its code, but for that of a list that is not opened yet; the first one first. */
  readonly contacts: readonly Contact[]
  readonly person: RegisteredPerson | null
}

/** Names the place of a list's sealed content. */
export const REGISTRANT_PLACE = 'registrant'

/** The contacts of one list: the second one is for the day on which the first is lost with the phone. */
export const MOST_CONTACTS = 2

export const isSameContact = (one: Contact, other: Contact): boolean =>
  one.value.toLowerCase() === other.value.toLowerCase()
