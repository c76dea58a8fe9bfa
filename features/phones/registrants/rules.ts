import type { Contact } from '#features/cases/particulars/rules.ts'
import type { IdKind } from '#lib/person/national-id.ts'

/** The person, as their report will name them. */
export interface RegisteredPerson {
  readonly fullName: string
  readonly idKind: IdKind
  readonly nationalId: string
}

export interface RegistrantContent {
  /** Each has answered its code, except in a list that is not opened yet; the oldest first. */
  readonly contacts: readonly Contact[]
  readonly person: RegisteredPerson | null
}

/** The sealing context of a list. */
export const REGISTRANT_PLACE = 'registrant'

/** Contacts of one list: the second is for when the first is lost with the phone. */
export const MOST_CONTACTS = 2

export const isSameContact = (one: Contact, other: Contact): boolean =>
  one.value.toLowerCase() === other.value.toLowerCase()
