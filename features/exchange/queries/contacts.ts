import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { type CarrierContact, contactsOf } from '../repository/contacts.ts'

export type { CarrierContact } from '../repository/contacts.ts'

/** Whom a carrier has on duty, for the relay and for its own people; nobody's for anybody else. */
export async function carrierContacts(actor: StaffActor, carrierId: string): Promise<CarrierContact[]> {
  const scope = carrierScope(actor)
  return scope && reachesCarrier(scope, carrierId) ? contactsOf(carrierId) : []
}
