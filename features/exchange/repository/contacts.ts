import '#server-only'
import type { Instant } from '#lib/time.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { resealAll } from '#platform/reseal.ts'
import type { DutyContact } from '../rules/contact.ts'

export interface CarrierContact extends DutyContact {
  readonly id: string
  /** The version that a change must have seen. */
  readonly version: number
}

const placeOf = (id: string): string => `carrier-contact:${id}`
const seal = (id: string, { name, email, phone }: DutyContact) =>
  sealFor(placeOf(id), Buffer.from(JSON.stringify({ name, email, phone })))
const open = (id: string, sealed: Uint8Array): DutyContact =>
  JSON.parse(unsealFor(placeOf(id), sealed).toString()) as DutyContact

/** Returns a carrier's contacts, opened, in the order in which they were added. */
export async function contactsOf(carrierId: string): Promise<CarrierContact[]> {
  const rows = await db.carrierContact.findMany({
    where: { carrierId },
    orderBy: [{ addedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, version: true, sealed: true },
  })
  return rows.map(({ sealed, ...row }) => ({ ...row, ...open(row.id, sealed) }))
}

export async function findContact(id: string): Promise<DutyContact | null> {
  const row = await db.carrierContact.findUnique({ where: { id }, select: { sealed: true } })
  return row && open(id, row.sealed)
}

export const countContacts = (tx: Tx, carrierId: string): Promise<number> =>
  tx.carrierContact.count({ where: { carrierId } })

export async function insertContact(
  tx: Tx,
  { id, carrierId, contact, at }: { id: string; carrierId: string; contact: DutyContact; at: Instant },
): Promise<void> {
  await tx.carrierContact.create({
    data: { id, carrierId, sealed: seal(id, contact), addedAt: at, changedAt: at },
    select: { id: true },
  })
}

/** Changes a contact; false where another change of the same version was faster, or the contact is gone. */
export async function replaceContact(
  tx: Tx,
  { id, carrierId, version }: { id: string; carrierId: string; version: number },
  contact: DutyContact,
  at: Instant,
): Promise<boolean> {
  const { count } = await tx.carrierContact.updateMany({
    where: { id, carrierId, version },
    data: { sealed: seal(id, contact), changedAt: at, version: { increment: 1 } },
  })
  return count === 1
}

export async function deleteContact(tx: Tx, id: string, carrierId: string): Promise<boolean> {
  const { count } = await tx.carrierContact.deleteMany({ where: { id, carrierId } })
  return count === 1
}

/** Brings every contact under the wrapping key of today; answers whether there was none to bring. */
export const resealContacts = (tx: Tx): Promise<boolean> =>
  resealAll(tx.carrierContact, (id, sealed) => seal(id, open(id, sealed)))
