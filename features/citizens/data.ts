import '#server-only'
import { randomUUID } from 'node:crypto'
import { type ListedHow, Prisma } from '#generated/prisma/client.ts'
import { type CaseScope, type IdentityScope, identityScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, unsealForCookie } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { deferStatement } from '#platform/deferred-writes.ts'
import { inScope } from '#platform/scope.ts'
import type { KnownPerson } from './rules.ts'

export type { ListedHow }

type Hash = Uint8Array<ArrayBuffer>

/** Finds the identity of a subject and notes that it was seen now; makes it where there is none. */
export async function upsertIdentity(tx: Tx, issuer: string, subjectHash: Hash, now: Instant) {
  const id = randomUUID()
  const [row] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO identities (id, issuer, subject_hash, created_at, seen_at)
    VALUES (${id}::uuid, ${issuer}, ${subjectHash}, ${now}, ${now})
    ON CONFLICT (issuer, subject_hash) DO UPDATE SET seen_at = excluded.seen_at RETURNING id`
  const met = row?.id ?? id
  return { id: met, isNew: met === id }
}

export interface NewSession {
  readonly tokenHash: Hash
  readonly identityId: string
  readonly attemptHash: Hash
  readonly known: Hash | null
  readonly createdAt: Instant
  readonly expiresAt: Instant
  readonly endsAt: Instant
}

export async function insertSession(tx: Tx, session: NewSession): Promise<boolean> {
  const { count } = await tx.identitySession.createMany({ data: [session], skipDuplicates: true })
  return count === 1
}

const SESSION = { identityId: true, known: true, expiresAt: true, endsAt: true } as const

export const findSession = (tokenHash: Hash, now: Instant) =>
  db.identitySession.findFirst({
    where: { tokenHash, endedAt: null, expiresAt: { gt: now } },
    select: SESSION,
  })

export async function extendSession(tokenHash: Hash, expiresAt: Instant): Promise<void> {
  await db.identitySession.updateMany({ where: { tokenHash, endedAt: null }, data: { expiresAt } })
}

/** Ends sessions: what they knew goes, what says that their sign-in is spent stays until it has run out. */
export async function endSessions(
  tx: Tx,
  which: { readonly tokenHash: Hash } | { readonly identityId: string },
  now: Instant,
): Promise<string[]> {
  const ended = await tx.identitySession.updateManyAndReturn({
    where: { ...which, endedAt: null, expiresAt: { gt: now } },
    data: { endedAt: now, known: null },
    select: { identityId: true },
  })
  return ended.map(({ identityId }) => identityId)
}

export async function removeIdentity(tx: Tx, { identityId }: IdentityScope): Promise<boolean> {
  const { count } = await tx.identity.deleteMany({ where: { id: identityId } })
  return count === 1
}

/** Puts a case into a person's list, with the other rows of its transaction; not where the person is forgotten by now. */
export const insertFiled = (tx: Tx, caseId: string, identityId: string, at: Instant): Promise<void> =>
  deferStatement(
    tx,
    Prisma.sql`INSERT INTO identity_cases (case_id, identity_id, how, added_at)
      SELECT ${caseId}::uuid, id, 'filed'::listed_how, ${at} FROM identities WHERE id = ${identityId}::uuid`,
  )

/** Puts a case into a list at once, unless it stands in one; returns whose list it stands in now. */
export async function insertAdded(tx: Tx, caseId: string, identityId: string, at: Instant) {
  const { count } = await tx.identityCase.createMany({
    data: [{ caseId, identityId, how: 'added', addedAt: at }],
    skipDuplicates: true,
  })
  const row = await tx.identityCase.findFirst({ where: { caseId }, select: { identityId: true } })
  return { isNew: count === 1, identityId: row?.identityId ?? null }
}

export const findListOwner = (caseId: string) =>
  db.identityCase.findFirst({
    where: { caseId },
    select: { identityId: true, how: true, addedAt: true },
  })

/** Takes a case out of a list, within the scope in force; answers whose it was. */
export async function removeListing(tx: Tx, caseId: string): Promise<string | null> {
  const [row] = await tx.$queryRaw<{ identityId: string }[]>`
    DELETE FROM identity_cases WHERE case_id = ${caseId}::uuid RETURNING identity_id AS "identityId"`
  return row?.identityId ?? null
}

/** Forgets the people who have not come back since `unseen`; within the product's scope. */
export async function removeUnseen(unseen: Instant): Promise<number> {
  const gone = await db.identity.deleteMany({ where: { seenAt: { lt: unseen } } })
  return gone.count
}

/** By the first digit of their ids, which are random. */
export const PARTS = 16

/** Forgets, in one part of all, the people without a case who have not come back since `unseen`; in the product's scope. */
export function removeEmpty(part: number, unseen: Instant): Promise<number> {
  const [first, last] = ['0', 'f'].map((digit) => {
    const id = `${part.toString(16)}${digit.repeat(31)}`
    return Prisma.sql`${id}::uuid`
  })
  // Said of both tables, so that of both that part is read and no more.
  return db.$executeRaw`
    DELETE FROM identities i WHERE i.id BETWEEN ${first} AND ${last} AND i.seen_at < ${unseen} AND NOT EXISTS (
      SELECT FROM identity_cases c WHERE c.identity_id = i.id AND c.identity_id BETWEEN ${first} AND ${last})`
}

export interface SignedInCitizen {
  readonly scope: IdentityScope
  readonly known: KnownPerson
  readonly expiresAt: Instant
  readonly endsAt: Instant
}

/**
 * Returns the citizen whose session a token is, or null when it has ended or never was: the one place where an
 * identity's scope is made.
 */
export async function findCitizen(token: string, now: Instant): Promise<SignedInCitizen | null> {
  const session = await findSession(hashOf(token), now)
  if (!session) return null
  const { identityId, known, expiresAt, endsAt } = session
  return {
    scope: identityScope(identityId),
    known: (known && unsealForCookie<KnownPerson>(token, KNOWN, known)) ?? {},
    expiresAt,
    endsAt,
  }
}

/** The list that a case stands in, as the case itself shows it: since when, never whose. */
export interface Listing {
  readonly how: ListedHow
  readonly addedAt: Instant
  readonly own: boolean
}

/**
 * Returns how a case stands in a list. Null where it stands in none, and without the full access that its
 * secret gives.
 */
export async function findListing(scope: CaseScope, caseId: string, reader: IdentityScope | null) {
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const found = await inScope(scope, () => findListOwner(caseId))
  if (!found) return null
  return { how: found.how, addedAt: found.addedAt, own: found.identityId === reader?.identityId }
}

export const hashOf = (token: string): Uint8Array<ArrayBuffer> => keyedHash('identity-session', token)

export const KNOWN = 'identity-known'
