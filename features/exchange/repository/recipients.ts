import '#server-only'
import { db, type Tx } from '#platform/db.ts'
import { findContact } from './contacts.ts'

/** Lists everybody of the relay who can sign in. */
export async function relayAccounts(tx: Tx): Promise<string[]> {
  const rows = await tx.staffAccount.findMany({
    where: { role: 'relay', active: true },
    orderBy: { id: 'asc' },
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

export async function contactIds(tx: Tx, carrierId: string): Promise<string[]> {
  const rows = await tx.carrierContact.findMany({
    where: { carrierId },
    orderBy: [{ addedAt: 'asc' }, { id: 'asc' }],
    select: { id: true },
  })
  return rows.map(({ id }) => id)
}

/** Returns the address that a mail goes to; null for a person who is here no longer. */
export async function addressOf(to: 'staff' | 'contact', id: string): Promise<string | null> {
  if (to === 'contact') return (await findContact(id))?.email ?? null
  const row = await db.staffAccount.findUnique({ where: { id }, select: { email: true, active: true } })
  return row?.active ? row.email : null
}
