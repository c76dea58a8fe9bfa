import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { act, answer, logged, refuse } from '#features/audit/act.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { shownVersion } from '#lib/shown-version.ts'
import type { Tx } from '#platform/db.ts'
import { refuseOutside } from '../carriers/acts.ts'
import { lockCarrier } from '../carriers/data.ts'
import { tellCarrier } from '../notices/acts.ts'
import { findSealed, sealContact } from './data.ts'
import { CONTACT_FIELDS, MAX_CONTACTS, readCarrierContact } from './rules.ts'

const ofCarrier = z.object({ carrierId: z.string().max(40) })
const ofContact = ofCarrier.extend({ contactId: z.uuid('general.invalid') })

const text = z.string().max(500).default('')
const typedContact = z
  .object({ contactName: text, contactEmail: text, contactPhone: text })
  .transform((typed, context) => {
    const read = readCarrierContact(typed)
    if (read.ok) return { contact: read.value }
    for (const field of CONTACT_FIELDS)
      if (read.error[field])
        context.addIssue({ code: 'custom', path: [field], message: `carrier_contact.${read.error[field]}` })
    return z.NEVER
  })

const onContacts = {
  permission: 'carrier:attend',
  faults: 'carrier_contact',
  page: ({ carrierId }: z.output<typeof ofCarrier>) =>
    ({ pathname: '/admin/carriers/[carrier]', params: { carrier: carrierId } }) as const,
  subject: {
    async lock(tx: Tx, { carrierId }: z.output<typeof ofCarrier>, actor: StaffActor) {
      const outside = refuseOutside(actor, carrierId)
      if (outside) return outside
      await lockCarrier(tx, carrierId)
      return (await tx.carrier.findUnique({ where: { id: carrierId } })) ?? refuse('not_found')
    },
    entry: ({ id }: { readonly id: string }) => ({ subject: { kind: 'carrier', id } as const }),
  },
} as const

export const addContact = act({
  ...onContacts,
  name: 'carrier.contact_added',
  once: (actorId) => `contact.add:${actorId}`,
  input: ofCarrier.and(typedContact),
  async run({ tx, subject: carrier, input: { contact }, now }) {
    const carrierId = carrier.id
    if ((await tx.carrierContact.count({ where: { carrierId } })) >= MAX_CONTACTS) return refuse('too_many')
    const id = randomUUID()
    const data = { id, carrierId, sealed: sealContact(id, contact), addedAt: now, changedAt: now }
    await tx.carrierContact.create({ data, select: { id: true } })
    await tellOthers(tx, carrier, 'added', { id, was: null })
    return answer(id, { contactId: id })
  },
})

/** Changes a contact. Of two people who change the same version, the second is told so. */
export const changeContact = act({
  ...onContacts,
  name: 'carrier.contact_changed',
  once: (actorId) => `contact.change:${actorId}`,
  input: ofContact.extend({ version: shownVersion }).and(typedContact),
  async run({ tx, subject: carrier, input: { contactId: id, version, contact }, now }) {
    const was = await findSealed(tx, id, carrier.id)
    const { count } = await tx.carrierContact.updateMany({
      where: { id, carrierId: carrier.id, version },
      data: { sealed: sealContact(id, contact), changedAt: now, version: { increment: 1 } },
    })
    if (count === 0) return refuse('changed')
    await tellOthers(tx, carrier, 'changed', { id, was })
    return answer(id, { contactId: id })
  },
})

export const removeContact = act({
  ...onContacts,
  name: 'carrier.contact_removed',
  once: (actorId) => `contact.remove:${actorId}`,
  input: ofContact,
  async run({ tx, subject: carrier, input: { contactId: id } }) {
    const was = await findSealed(tx, id, carrier.id)
    const { count } = await tx.carrierContact.deleteMany({ where: { id, carrierId: carrier.id } })
    if (count === 0) return logged(id)
    await tellOthers(tx, carrier, 'removed', { id, was })
    return answer(id, { contactId: id })
  },
})

const tellOthers = (
  tx: Tx,
  { id: carrierId, name: carrier }: { readonly id: string; readonly name: string },
  what: 'added' | 'changed' | 'removed',
  contact: { readonly id: string; readonly was: Uint8Array | null },
): Promise<void> =>
  tellCarrier(tx, { template: 'contact_changed', carrierId, values: { what, carrier } }, contact)
