import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { type CarrierContact, contactsOf } from '../repository/contacts.ts'

export type { CarrierContact } from '../repository/contacts.ts'

/** Returns whom a carrier has on duty, to the relay and to the carrier's own people; none to anybody else. */
export async function carrierContacts(actor: StaffActor, carrierId: string): Promise<CarrierContact[]> {
  const scope = carrierScope(actor)
  return scope && reachesCarrier(scope, carrierId) ? contactsOf(carrierId) : []
}
