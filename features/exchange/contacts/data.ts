import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx, transaction } from '#platform/db.ts'
import { resealAll } from '#platform/reseal.ts'
import type { DutyContact } from './rules.ts'

const placeOf = (id: string): string => `carrier-contact:${id}`
export const sealContact = (id: string, { name, email, phone }: DutyContact) =>
  sealFor(placeOf(id), Buffer.from(JSON.stringify({ name, email, phone })))
const open = (id: string, sealed: Uint8Array): DutyContact =>
  JSON.parse(unsealFor(placeOf(id), sealed).toString()) as DutyContact

/** Returns whom a carrier has on duty, the first added first, to the relay and to the carrier's own people; none to anybody else. */
export async function carrierContacts(actor: StaffActor, carrierId: string) {
  const scope = carrierScope(actor)
  if (!scope || !reachesCarrier(scope, carrierId)) return []
  const rows = await db.carrierContact.findMany({
    where: { carrierId },
    orderBy: [{ addedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, version: true, sealed: true },
  })
  return rows.map(({ sealed, ...row }) => ({ ...row, ...open(row.id, sealed) }))
}

/** Brings every contact under the wrapping key of today; answers whether there was none to bring. */
export const rotateContacts = (): Promise<boolean> =>
  transaction((tx) => resealAll(tx.carrierContact, (id, sealed) => sealContact(id, open(id, sealed))))

/** Returns the sealed contact as it stands in the row; null where there is none at this carrier. */
export async function findSealed(tx: Tx, id: string, carrierId: string) {
  const row = await tx.carrierContact.findFirst({ where: { id, carrierId }, select: { sealed: true } })
  return row?.sealed ?? null
}

/**
 * Returns the address that a mail goes to; null for a person who is here no longer.
 *
 * @param was the contact as it was, sealed, in base64, where the mail goes to its former address
 */
export async function findAddress(
  to: 'staff' | 'contact',
  id: string,
  was: string | undefined,
): Promise<string | null> {
  if (was !== undefined) return open(id, Buffer.from(was, 'base64')).email
  if (to === 'contact') {
    const contact = await db.carrierContact.findUnique({ where: { id }, select: { sealed: true } })
    return contact && open(id, contact.sealed).email
  }
  const row = await db.staffAccount.findUnique({ where: { id }, select: { email: true, active: true } })
  return row?.active ? row.email : null
}
