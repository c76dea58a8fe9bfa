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

/**
 * Returns a carrier's contacts on duty, in order of addition, for the relay and for the carrier's own people; empty for others.
 */
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

/** Reseals all contacts under the current wrapping key; returns true if none was left. */
export const rotateContacts = (): Promise<boolean> =>
  transaction((tx) => resealAll(tx.carrierContact, (id, sealed) => sealContact(id, open(id, sealed))))

/** Returns a carrier's contact, still sealed; null if the carrier has no such contact. */
export async function findSealed(tx: Tx, id: string, carrierId: string) {
  const row = await tx.carrierContact.findFirst({ where: { id, carrierId }, select: { sealed: true } })
  return row?.sealed ?? null
}

/**
 * Returns the address of a mail's recipient; null for a person who is gone.
 *
 * @param was the contact before the change, sealed, in base64; set if the mail goes to the former address
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
