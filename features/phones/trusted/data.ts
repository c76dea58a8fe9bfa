import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { PhonesScope } from '#lib/access/scope.ts'
import { isUuid } from '#lib/uuid.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { arePhonesRegistered, inPhones } from '../registrants/data.ts'
import { phonesIn } from '../registrations/data.ts'
import { nameOf } from '../registrations/rules.ts'
import { TRUSTED_PLACE as PLACE, type TrustedContent } from './rules.ts'

/** Returns whether people may let others report for them here; a city can switch it off. */
export const arePersonsTrusted = (): boolean => arePhonesRegistered() && env().TRUSTED_PERSONS === 'on'

const ROW = {
  ...{ id: true, registrantId: true, sealed: true, askedAt: true, acceptedAt: true, confirmedAt: true },
  key: { select: WRAPPED_KEY },
} as const

export type Trusted = ReturnType<typeof open>

function open({ key: stored, sealed, ...row }: Prisma.TrustedPersonGetPayload<{ select: typeof ROW }>) {
  const key = unwrap(row.id, stored)
  return { ...row, key, ...unseal<TrustedContent>(key, PLACE, sealed) }
}

/** Returns the people whom an owner has named, in that order. */
export const trustedBy = ({ registrantId }: Pick<PhonesScope, 'registrantId'>, tx: Tx = db) =>
  inPhones(async () => {
    const order = [{ askedAt: 'asc' }, { id: 'asc' }] as const
    const rows = await tx.trustedPerson.findMany({
      where: { registrantId },
      orderBy: [...order],
      select: ROW,
    })
    return rows.map(open)
  })

export async function lockTrusted(tx: Tx, { registrantId }: PhonesScope, id: string) {
  return lock(tx, id, { registrantId })
}

export async function lockOwnTrust(tx: Tx, contact: Contact, id: string) {
  return lock(tx, id, { contactHash: contactHash(contact) })
}

async function lock(tx: Tx, id: string, whose: Prisma.TrustedPersonWhereInput): Promise<Trusted | null> {
  if (!isUuid(id)) return null
  await tx.$queryRaw`SELECT 1 FROM trusted_persons WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.trustedPerson.findFirst({ where: { id, ...whose }, select: ROW })
  return row && open(row)
}

/** Returns the newest row of a contact, for the job that sends its code; null if nobody has named it. */
export async function newestTrust(tx: Tx, hash: Uint8Array<ArrayBuffer>): Promise<Trusted | null> {
  const row = await tx.trustedPerson.findFirst({
    where: { contactHash: hash },
    orderBy: [{ askedAt: 'desc' }, { id: 'asc' }],
    select: ROW,
  })
  return row && open(row)
}

/**
 * Returns the owners who have named a contact, for that contact's person: what they call the owner and, once both have agreed,
 * the phones by name and colour only. The browser must have entered a code of that contact.
 */
export const ownersFor = (contact: Contact) =>
  inPhones(async () => {
    const rows = await db.trustedPerson.findMany({
      where: { contactHash: contactHash(contact) },
      orderBy: [{ askedAt: 'asc' }, { id: 'asc' }],
      select: ROW,
    })
    return Promise.all(
      rows.map(open).map(async ({ id, registrantId, owner, acceptedAt, confirmedAt }) => ({
        ...{ id, owner, acceptedAt, confirmedAt },
        phones:
          confirmedAt === null
            ? []
            : (await phonesIn(registrantId)).map(({ id: phone, content }) => ({
                id: phone,
                name: nameOf(content),
                colour: content.colour,
              })),
      })),
    )
  })
