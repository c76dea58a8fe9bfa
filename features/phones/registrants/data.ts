import '#server-only'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { type PhonesScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY, type WrappedKey } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { REGISTRANT_PLACE as PLACE, type RegistrantContent } from './rules.ts'

/** Returns whether people may register phones here; a city can switch it off. */
export const arePhonesRegistered = (): boolean => env().MY_PHONES === 'on'

/**
 * Runs work on registered phones in the system's scope, because they belong to no district; each function
 * must filter by owner itself.
 */
export const inPhones = <T>(work: () => Promise<T>): Promise<T> => inScope(systemScope(), work)

export async function insertRegistrant(
  tx: Tx,
  row: {
    readonly key: CaseKey
    readonly stored: WrappedKey
    readonly locale: string
    readonly contact: Contact
    readonly now: Instant
    readonly expiresAt: Instant
  },
): Promise<void> {
  const { key, stored, locale, contact, now, expiresAt } = row
  await tx.caseKey.create({
    data: { caseId: key.caseId, ...stored, createdAt: now },
    select: { caseId: true },
  })
  const content: RegistrantContent = { contacts: [contact], person: null }
  await tx.registrant.create({
    data: { id: key.caseId, locale, sealed: seal(key, PLACE, content), createdAt: now, expiresAt },
    select: { id: true },
  })
}

export const findByContact = async (tx: Tx, hash: Uint8Array<ArrayBuffer>): Promise<string | null> =>
  (await tx.registrantContact.findFirst({ where: { hash }, select: { registrantId: true } }))?.registrantId ??
  null

/** Lets a contact open a list; false if it already opens one. */
export async function addOpener(
  tx: Tx,
  hash: Uint8Array<ArrayBuffer>,
  registrantId: string,
): Promise<boolean> {
  const data = [{ hash, registrantId }]
  return (await tx.registrantContact.createMany({ data, skipDuplicates: true })).count === 1
}

const ROW = { id: true, locale: true, sealed: true, createdAt: true, key: { select: WRAPPED_KEY } } as const

export type Registrant = NonNullable<Awaited<ReturnType<typeof findRegistrant>>>

export async function findRegistrant(id: string, tx: Tx = db) {
  const where = { id, expiresAt: null }
  const row = await inPhones(() => tx.registrant.findFirst({ where, select: ROW }))
  if (row === null) return null
  const { key: stored, sealed, ...rest } = row
  const key = unwrap(id, stored)
  return { ...rest, key, ...unseal<RegistrantContent>(key, PLACE, sealed) }
}

/** Locks and returns a list; others who change it or its phones wait until the transaction ends. */
export async function lockRegistrant(
  tx: Tx,
  { registrantId: id }: Pick<PhonesScope, 'registrantId'>,
): Promise<Registrant | null> {
  await tx.$queryRaw`SELECT 1 FROM registrants WHERE id = ${id}::uuid FOR UPDATE`
  return findRegistrant(id, tx)
}

export async function saveRegistrant(
  tx: Tx,
  { id, key }: Pick<Registrant, 'id' | 'key'>,
  { contacts, person }: RegistrantContent,
): Promise<void> {
  const data = { sealed: seal(key, PLACE, { contacts, person } satisfies RegistrantContent) }
  await tx.registrant.update({ where: { id }, data, select: { id: true } })
}
