import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { type CarrierContact, contactsOf } from '../repository/contacts.ts'
import { type Flag, flagsOf, flagsUp } from '../repository/flags.ts'

export type { CarrierContact } from '../repository/contacts.ts'
export type { Flag } from '../repository/flags.ts'

const SHOWN = 10

/** Returns a carrier's last flags, for the relay and for the carrier's own people. */
export async function carrierFlags(actor: StaffActor, carrierId: string): Promise<Flag[]> {
  const scope = carrierScope(actor)
  return scope && reachesCarrier(scope, carrierId) ? flagsOf(carrierId, SHOWN) : []
}

/** Returns the flags that are up, by carrier. */
export async function raisedFlags(actor: StaffActor): Promise<ReadonlyMap<string, readonly Flag[]>> {
  const scope = carrierScope(actor)
  const flags = scope ? await flagsUp() : []
  return Map.groupBy(
    flags.filter(({ carrierId }) => scope && reachesCarrier(scope, carrierId)),
    ({ carrierId }) => carrierId,
  )
}

/** Returns whom a carrier has on duty, to the relay and to the carrier's own people; none to anybody else. */
export async function carrierContacts(actor: StaffActor, carrierId: string): Promise<CarrierContact[]> {
  const scope = carrierScope(actor)
  return scope && reachesCarrier(scope, carrierId) ? contactsOf(carrierId) : []
}
