import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { endVisitsOf } from '#features/case-sessions/commands.ts'
import type { IdentityScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { keyedHash, randomBuffer, sealForCookie } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import * as repository from '../repository.ts'
import { IDENTITY_LIFE, identityExpiry, type KnownPerson } from '../rules/identity.ts'

/** Used again within this, a session is not written again. */
const GRACE = 5 * MINUTE

export const hashOf = (token: string): Uint8Array<ArrayBuffer> => keyedHash('identity-session', token)

export interface CitizenSignIn {
  readonly issuer: string
  readonly subject: string
  /** The state of the attempt that it comes of. */
  readonly attempt: string
  readonly known: KnownPerson
  /** The session that this browser had before: it ends. */
  readonly before: string | undefined
}

/**
 * Signs in whom the provider has identified, under a new token, which is kept nowhere. `replayed`: the same sign-in has
 * begun a session already.
 */
export function signInCitizen(signIn: CitizenSignIn, now: Instant): Promise<Result<string, 'replayed'>> {
  const token = randomBuffer(32).toString('base64url')
  const endsAt = addMilliseconds(now, IDENTITY_LIFE)
  return runInTransaction(async (tx) => {
    const { issuer, subject, attempt, known, before } = signIn
    const subjectHash = keyedHash('identity-subject', `${issuer}\0${subject}`)
    const { id, isNew } = await repository.upsertIdentity(tx, issuer, subjectHash, now)
    if (before) await repository.endSessions(tx, { tokenHash: hashOf(before) }, now)
    const begun = await repository.insertSession(tx, {
      tokenHash: hashOf(token),
      identityId: id,
      attemptHash: keyedHash('identity-attempt', attempt),
      known: Object.keys(known).length > 0 ? sealForCookie(token, KNOWN, known) : null,
      createdAt: now,
      expiresAt: identityExpiry(now, endsAt),
      endsAt,
    })
    if (!begun) return err('replayed')
    await audit(tx, { ...by(id), act: 'identity.sign_in', facts: { isNew }, at: now })
    return ok(token)
  })
}

/** Names the place of what a session knows. */
export const KNOWN = 'identity-known'

const by = (id: string) => ({ actor: { kind: 'citizen' }, subject: { kind: 'identity', id } }) as const

/** Lets a session that is in use go on, to its end at the latest. */
export async function keepSession(
  token: string,
  { expiresAt, endsAt }: { readonly expiresAt: Instant; readonly endsAt: Instant },
  now: Instant,
): Promise<void> {
  const wanted = identityExpiry(now, endsAt)
  if (wanted.getTime() - expiresAt.getTime() > GRACE) await repository.extendSession(hashOf(token), wanted)
}

/** Ends one session: a copy of its cookie opens nothing any more. */
export const signOutCitizen = (token: string, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    const [id] = await repository.endSessions(tx, { tokenHash: hashOf(token) }, now)
    if (id) await audit(tx, { ...by(id), act: 'identity.sign_out', facts: { everywhere: false }, at: now })
  })

/** Ends every session of a citizen, and every visit to a case that they opened from their list, on any device. */
export const signOutEverywhere = ({ identityId }: IdentityScope, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    await repository.endSessions(tx, { identityId }, now)
    await endVisitsOf(tx, identityId)
    await audit(tx, { ...by(identityId), act: 'identity.sign_out', facts: { everywhere: true }, at: now })
  })

/**
 * Forgets a citizen: their list, their sessions, and that they were ever here. Their cases stay, each under its secret.
 *
 * @param identity null where nobody is signed in (any more)
 * @param submitKey the form's: sent again, it is told that it is done
 */
export async function forgetIdentity(
  identity: IdentityScope | null,
  now: Instant,
  submitKey: string = randomUUID(),
): Promise<Result<true, 'signed_out'>> {
  const done = await actOnce<true, 'signed_out'>(submitKey, 'identity.forget', now, async (tx) => {
    if (identity === null) return err('signed_out')
    await forget(tx, identity, now)
    return ok(true)
  })
  // A person who has signed in again since then has a new identity, which is forgotten too.
  if (identity !== null) await transaction((tx) => forget(tx, identity, now))
  return done
}

async function forget(tx: Tx, identity: IdentityScope, now: Instant): Promise<void> {
  if (!(await repository.removeIdentity(tx, identity))) return
  await noteErased(tx, 'identity', [identity.identityId], now)
  await audit(tx, { ...by(identity.identityId), act: 'identity.forget', at: now })
}
