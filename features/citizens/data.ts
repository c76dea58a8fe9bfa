import '#server-only'
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

/** A session used again within this time is not written again. */
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

/** Ends sessions and deletes their personal facts. The row stays until it expires, because it shows that its sign-in is used. */
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

/** By the first digit of the ids, which are random. */
const PARTS = 16
/** The retention job runs every ten minutes, so each part has its turn. */
const TURN = 10 * MINUTE

/**
 * Deletes identities that have not signed in for long, and those that have neither a case nor a session. The latter are searched
 * in parts: no index marks an empty list, and most are not empty.
 */
export const forgetIdle = (now: Instant): Promise<number> =>
  inScope(systemScope(), async () => {
    const since = monthsBefore(now, retention().identityMonths)
    const { count } = await db.identity.deleteMany({ where: { seenAt: { lt: since } } })
    const part = (Math.floor(now.getTime() / TURN) % PARTS).toString(16)
    const [first, last] = ['0', 'f'].map((digit) => Prisma.sql`${part + digit.repeat(31)}::uuid`)
    // Both tables have the range in their condition, so that only that part of each is read.
    const empty = await db.$executeRaw`
      DELETE FROM identities i WHERE i.id BETWEEN ${first} AND ${last} AND i.seen_at < ${addMilliseconds(now, -DAY)}
        AND NOT EXISTS (SELECT FROM identity_cases c
          WHERE c.identity_id = i.id AND c.identity_id BETWEEN ${first} AND ${last})`
    return count + empty
  })

export type SignedInCitizen = NonNullable<Awaited<ReturnType<typeof findCitizen>>>

/**
 * Returns the citizen of a session's token, or null if it has ended or does not exist. Only this function makes an identity's
 * scope.
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

/** Returns how a case is listed; null if it is on no list, or without full access. */
export async function findListing(scope: CaseScope, caseId: string, reader: IdentityScope | null) {
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const select = { identityId: true, how: true, addedAt: true } as const
  const found = await inScope(scope, () => db.identityCase.findFirst({ where: { caseId }, select }))
  return found && { how: found.how, addedAt: found.addedAt, own: found.identityId === reader?.identityId }
}

export const hashCitizenToken = (token: string): Uint8Array<ArrayBuffer> =>
  keyedHash('identity-session', token)

export const KNOWN_PERSON = 'identity-known'
