import '#server-only'
import type { PhonesScope } from '#lib/access/scope.ts'
import { db, type Tx } from '#platform/db.ts'
import { findRegistrant, inPhones } from '../registrants/data.ts'

/** Returns a phone's hand-over that waits for its seller; null if there is none. */
export const openHandover = (phoneId: string, tx: Tx = db) =>
  inPhones(() =>
    tx.phoneHandover.findFirst({
      where: { phoneId, confirmedAt: null, endedAt: null },
      select: { id: true, number: true, buyerId: true, acceptedAt: true },
    }),
  )

export async function waitingHandover(phoneId: string) {
  const open = await openHandover(phoneId)
  const buyer = open?.buyerId ? await findRegistrant(open.buyerId) : null
  return open && buyer && { ...open, buyer: buyer.contacts[0] ?? null }
}

/**
 * Returns the hand-over papers of a phone in this list: first the one it was given away with, then the one it was received with.
 */
export const papersOf = ({ registrantId }: PhonesScope, phoneId: string) =>
  inPhones(async () => {
    const where = { confirmedAt: { not: null } } as const
    const [gave, got] = [
      await db.phoneHandover.findFirst({
        where: { ...where, phone: { id: phoneId, registrantId } },
        orderBy: { confirmedAt: 'desc' },
        select: { number: true, confirmedAt: true },
      }),
      await db.phoneHandover.findFirst({
        where: { ...where, newPhone: { id: phoneId, registrantId } },
        select: { number: true, confirmedAt: true },
      }),
    ]
    return [
      ...(gave?.confirmedAt ? [{ number: gave.number, at: gave.confirmedAt, side: 'gave' as const }] : []),
      ...(got?.confirmedAt ? [{ number: got.number, at: got.confirmedAt, side: 'got' as const }] : []),
    ]
  })
