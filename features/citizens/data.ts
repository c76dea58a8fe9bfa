import '#server-only'
import { randomUUID } from 'node:crypto'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import { type CaseScope, type IdentityScope, identityScope, systemScope } from '#lib/access/scope.ts'
import { addMilliseconds, DAY, type Instant, MINUTE } from '#lib/time.ts'
import { keyedHash, unsealForCookie } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { identityExpiry, type KnownPerson } from './rules.ts'

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

/** Used again within this, a session is not written again. */
const GRACE = 5 * MINUTE

export async function keepSession(
  token: string,
  { expiresAt, endsAt }: { readonly expiresAt: Instant; readonly endsAt: Instant },
  now: Instant,
): Promise<void> {
  const wanted = identityExpiry(now, endsAt)
  if (wanted.getTime() - expiresAt.getTime() <= GRACE) return
  const where = { tokenHash: hashCitizenToken(token), endedAt: null }
  await db.identitySession.updateMany({ where, data: { expiresAt: wanted } })
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

/** By the first digit of their ids, which are random. */
const PARTS = 16
/** Often enough that the retention's runs, one in ten minutes, come to each part in its turn. */
const TURN = 10 * MINUTE

/**
 * Forgets who has not signed in for long, and who came, kept no case, and has no session any more. Of these a part at a
 * time: nothing marks a list that is empty, and most are not.
 */
export const forgetIdle = (now: Instant): Promise<number> =>
  inScope(systemScope(), async () => {
    const since = monthsBefore(now, retention().identityMonths)
    const { count } = await db.identity.deleteMany({ where: { seenAt: { lt: since } } })
    const part = (Math.floor(now.getTime() / TURN) % PARTS).toString(16)
    const [first, last] = ['0', 'f'].map((digit) => Prisma.sql`${part + digit.repeat(31)}::uuid`)
    // Said of both tables, so that of both that part is read and no more.
    const empty = await db.$executeRaw`
      DELETE FROM identities i WHERE i.id BETWEEN ${first} AND ${last} AND i.seen_at < ${addMilliseconds(now, -DAY)}
        AND NOT EXISTS (SELECT FROM identity_cases c
          WHERE c.identity_id = i.id AND c.identity_id BETWEEN ${first} AND ${last})`
    return count + empty
  })

export type SignedInCitizen = NonNullable<Awaited<ReturnType<typeof findCitizen>>>

/**
 * Returns the citizen whose session a token is, or null when it has ended or never was: the one place where an
 * identity's scope is made.
 */
export async function findCitizen(token: string, now: Instant) {
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
