import '#server-only'
import { type CaseScope, type IdentityScope, identityScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { unsealForCookie } from '#platform/crypto.ts'
import { inScope } from '#platform/scope.ts'
import { hashOf, KNOWN } from './commands/session.ts'
import { findListOwner, findSession, type ListedHow } from './repository.ts'
import type { KnownPerson } from './rules/identity.ts'

/** A person who is signed in, in one of their sessions. */
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
export async function citizenOf(token: string, now: Instant): Promise<SignedInCitizen | null> {
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
  /** It is the list of `reader`. */
  readonly own: boolean
}

/**
 * Returns how a case stands in a list. Null where it stands in none, and without the full access that its
 * secret gives.
 */
export async function listingOf(
  scope: CaseScope,
  caseId: string,
  reader: IdentityScope | null,
): Promise<Listing | null> {
  if (scope.kind !== 'one' || scope.access !== 'full') return null
  const found = await inScope(scope, () => findListOwner(caseId))
  if (!found) return null
  return { how: found.how, addedAt: found.addedAt, own: found.identityId === reader?.identityId }
}
