'use server'
import { addContact, changeContact, removeContact } from '#features/exchange/contacts/acts.ts'
import { staffForm } from '#http/staff-action.ts'

export const addContactAction = staffForm(addContact)
export const changeContactAction = staffForm(changeContact)
export const removeContactAction = staffForm(removeContact)
