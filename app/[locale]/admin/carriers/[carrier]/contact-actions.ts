'use server'
import { z } from 'zod'
import {
  addContact,
  type ContactRefusal,
  changeContact,
  removeContact,
} from '#features/exchange/commands/contacts.ts'
import { requiredSubmitKey, shownVersion } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

const text = z.string().max(500).default('')
const act = { carrierId: z.string().max(40), submitKey: requiredSubmitKey }
const typed = { contactName: text, contactEmail: text, contactPhone: text }
const known = { contactId: z.uuid('general.invalid') }

const toContacts = (locale: Locale, carrier: string) => ({
  to: pathFor(locale, { pathname: '/admin/carriers/[carrier]', params: { carrier } }),
})

function refused(error: ContactRefusal) {
  if (error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (typeof error === 'string') return { faults: { form: `carrier_contact.${error}` } }
  const faults = Object.entries(error).map(([field, fault]) => [field, `carrier_contact.${fault}`])
  return { faults: Object.fromEntries(faults) }
}

export const addContactAction = staffAction(
  { schema: z.object({ ...act, ...typed }), permission: 'carrier:attend' },
  async (actor, { carrierId, submitKey, ...typed }, { locale, now }) => {
    const added = await addContact(actor, { carrierId, submitKey, typed }, now)
    return added.ok ? toContacts(locale, carrierId) : refused(added.error)
  },
)

export const changeContactAction = staffAction(
  {
    schema: z.object({ ...act, ...known, ...typed, version: shownVersion }),
    permission: 'carrier:attend',
  },
  async (actor, { contactName, contactEmail, contactPhone, ...which }, { locale, now }) => {
    const input = { ...which, typed: { contactName, contactEmail, contactPhone } }
    const changed = await changeContact(actor, input, now)
    return changed.ok ? toContacts(locale, which.carrierId) : refused(changed.error)
  },
)

export const removeContactAction = staffAction(
  { schema: z.object({ ...act, ...known }), permission: 'carrier:attend' },
  async (actor, input, { locale, now }) => {
    const removed = await removeContact(actor, input, now)
    return removed.ok ? toContacts(locale, input.carrierId) : refused(removed.error)
  },
)
