import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { carrierExists } from '../keys/data.ts'
import { carrierName, lockCarrier } from '../repository/carriers.ts'
import {
  countContacts,
  deleteContact,
  insertContact,
  replaceContact,
  resealContacts,
} from '../repository/contacts.ts'
import { type ContactFaults, type ContactField, MAX_CONTACTS, readContact } from '../rules/contact.ts'
import { tellCarrier } from './tell.ts'

type Outside = 'forbidden' | 'not_found'
/** `stale`: another person changed or removed it meanwhile. */
export type ContactRefusal = Outside | 'too_many' | 'stale' | ContactFaults

interface Act {
  readonly carrierId: string
  readonly submitKey: string
}
type Typed = { readonly typed: Readonly<Record<ContactField, string>> }

/** Adds a person whom a carrier has on duty: by the relay, or by the carrier's own people. Answers the contact's id. */
export async function addContact(
  actor: StaffActor,
  { carrierId, submitKey, typed }: Act & Typed,
  now: Instant,
): Promise<Result<string, ContactRefusal>> {
  const outside = refusalOf(actor, carrierId)
  if (outside) return err(outside)
  const read = readContact(typed)
  if (!read.ok) return read
  return actOnce<string, ContactRefusal>(submitKey, `contact.add:${actor.id}`, now, async (tx) => {
    if (!(await carrierExists(tx, carrierId))) return err('not_found')
    await lockCarrier(tx, carrierId)
    if ((await countContacts(tx, carrierId)) >= MAX_CONTACTS) return err('too_many')
    const id = randomUUID()
    await insertContact(tx, { id, carrierId, contact: read.value, at: now })
    await noteContact(tx, actor, 'added', carrierId, id, now)
    return ok(id)
  })
}

/** Writes a contact anew. Of two people who change what they both saw, the later one is told. */
export async function changeContact(
  actor: StaffActor,
  input: Act & Typed & { readonly contactId: string; readonly version: number },
  now: Instant,
): Promise<Result<string, ContactRefusal>> {
  const { carrierId, contactId: id, version } = input
  const outside = refusalOf(actor, carrierId)
  if (outside) return err(outside)
  const read = readContact(input.typed)
  if (!read.ok) return read
  return actOnce<string, ContactRefusal>(input.submitKey, `contact.change:${actor.id}`, now, async (tx) => {
    if (!(await replaceContact(tx, { id, carrierId, version }, read.value, now))) return err('stale')
    await noteContact(tx, actor, 'changed', carrierId, id, now)
    return ok(id)
  })
}

/** Deletes a contact. Deleting it twice does no harm. */
export async function removeContact(
  actor: StaffActor,
  { carrierId, contactId: id, submitKey }: Act & { readonly contactId: string },
  now: Instant,
): Promise<Result<string, Outside>> {
  const outside = refusalOf(actor, carrierId)
  if (outside) return err(outside)
  return actOnce<string, Outside>(submitKey, `contact.remove:${actor.id}`, now, async (tx) => {
    if (await deleteContact(tx, id, carrierId)) await noteContact(tx, actor, 'removed', carrierId, id, now)
    return ok(id)
  })
}

/** Brings every contact under the wrapping key of today; answers whether there was none to bring. */
export const rotateContacts = (): Promise<boolean> => transaction(resealContacts)

function refusalOf(actor: StaffActor, carrierId: string): Outside | null {
  const scope = carrierScope(actor)
  if (!scope) return 'forbidden'
  return reachesCarrier(scope, carrierId) ? null : 'not_found'
}

/** Notes what was done to a contact, and tells the carrier's other contacts and the relay. */
async function noteContact(
  tx: Tx,
  actor: StaffActor,
  what: 'added' | 'changed' | 'removed',
  carrierId: string,
  contactId: string,
  at: Instant,
): Promise<void> {
  const subject = { kind: 'carrier', id: carrierId } as const
  await audit(tx, { actor, act: `carrier.contact_${what}`, subject, facts: { contactId }, at })
  const notice = {
    template: 'contact_changed',
    carrierId,
    values: { what, carrier: await carrierName(tx, carrierId) },
  } as const
  await tellCarrier(tx, notice, contactId)
}
