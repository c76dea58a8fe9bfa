import '#server-only'
import { randomUUID } from 'node:crypto'
import { Prisma } from '#generated/prisma/client.ts'
import { type CaseScope, type IdentityScope, identityScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, unsealForCookie } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { KnownPerson } from './rules.ts'

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

export async function extendCitizenSession(tokenHash: Hash, expiresAt: Instant): Promise<void> {
  await db.identitySession.updateMany({ where: { tokenHash, endedAt: null }, data: { expiresAt } })
}

/** Ends sessions: what they knew goes, what says that their sign-in is spent stays until it has run out. */
export async function endCitizenSessions(
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

/** Forgets the people who have not come back since `unseen`; within the product's scope. */
export const removeUnseen = async (unseen: Instant): Promise<number> =>
  (await db.identity.deleteMany({ where: { seenAt: { lt: unseen } } })).count

/** By the first digit of their ids, which are random. */
export const LISTING_PARTS = 16

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
  const session = await db.identitySession.findFirst({
    where: { tokenHash: hashCitizenToken(token), endedAt: null, expiresAt: { gt: now } },
    select: { identityId: true, known: true, expiresAt: true, endsAt: true },
  })
  if (!session) return null
  const { identityId, known, expiresAt, endsAt } = session
  return {
    scope: identityScope(identityId),
    known: (known && unsealForCookie<KnownPerson>(token, KNOWN_PERSON, known)) ?? {},
    expiresAt,
    endsAt,
  }
}

/**
 * Returns how a case stands in a list. Null where it stands in none, and without the full access that its
 * secret gives.
 */
export async function findListing(scope: CaseScope, caseId: string, reader: IdentityScope | null) {
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const select = { identityId: true, how: true, addedAt: true } as const
  const found = await inScope(scope, () => db.identityCase.findFirst({ where: { caseId }, select }))
  return found && { how: found.how, addedAt: found.addedAt, own: found.identityId === reader?.identityId }
}

export const hashCitizenToken = (token: string): Uint8Array<ArrayBuffer> =>
  keyedHash('identity-session', token)

export const KNOWN_PERSON = 'identity-known'
