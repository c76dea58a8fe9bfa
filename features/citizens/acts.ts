import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import { endVisitsOf } from '#features/case-sessions/acts.ts'
import type { CaseScope, IdentityScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer, sealForCookie } from '#platform/crypto.ts'
import { sql, type Tx, transaction } from '#platform/db.ts'
import { deferStatement } from '#platform/deferred-writes.ts'
import { actOnce, runInTransaction } from '#platform/idempotency/commands.ts'
import { inScope } from '#platform/scope.ts'
import { endCitizenSessions, hashCitizenToken, KNOWN_PERSON } from './data.ts'
import { IDENTITY_LIFE, identityExpiry, type KnownPerson } from './rules.ts'

/**
 * Begins a session for a person identified by the provider and returns its token, which is stored nowhere. `replayed`: this
 * sign-in has begun a session already.
 */
export function signInCitizen(
  signIn: {
    readonly issuer: string
    readonly subject: string
    readonly attempt: string
    readonly known: KnownPerson
    /** The browser's earlier session, which ends. */
    readonly before: string | undefined
  },
  now: Instant,
): Promise<Result<string, 'replayed'>> {
  const token = randomBuffer(32).toString('base64url')
  const endsAt = addMilliseconds(now, IDENTITY_LIFE)
  return runInTransaction(async (tx) => {
    const { issuer, subject, attempt, known, before } = signIn
    const subjectHash = keyedHash('identity-subject', `${issuer}\0${subject}`)
    const fresh = randomUUID()
    const [row] = await tx.$queryRaw<{ id: string }[]>`
      INSERT INTO identities (id, issuer, subject_hash, created_at, seen_at)
      VALUES (${fresh}::uuid, ${issuer}, ${subjectHash}, ${now}, ${now})
      ON CONFLICT (issuer, subject_hash) DO UPDATE SET seen_at = excluded.seen_at RETURNING id`
    const id = row?.id ?? fresh
    const isNew = id === fresh
    if (before) await endCitizenSessions(tx, { tokenHash: hashCitizenToken(before) }, now)
    const session = {
      tokenHash: hashCitizenToken(token),
      identityId: id,
      attemptHash: keyedHash('identity-attempt', attempt),
      known: Object.keys(known).length > 0 ? sealForCookie(token, KNOWN_PERSON, known) : null,
      ...{ createdAt: now, expiresAt: identityExpiry(now, endsAt), endsAt },
    }
    const begun = await tx.identitySession.createMany({ data: [session], skipDuplicates: true })
    if (begun.count === 0) return err('replayed')
    await audit(tx, { ...by(id), act: 'identity.sign_in', facts: { isNew }, at: now })
    return ok(token)
  })
}

const by = (id: string) => ({ actor: { kind: 'citizen' }, subject: { kind: 'identity', id } }) as const

export const signOutCitizen = (token: string, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    const [id] = await endCitizenSessions(tx, { tokenHash: hashCitizenToken(token) }, now)
    if (id) await audit(tx, { ...by(id), act: 'identity.sign_out', facts: { everywhere: false }, at: now })
  })

export const signOutEverywhere = ({ identityId }: IdentityScope, now: Instant): Promise<void> =>
  transaction(async (tx) => {
    await endCitizenSessions(tx, { identityId }, now)
    await endVisitsOf(tx, identityId)
    await audit(tx, { ...by(identityId), act: 'identity.sign_out', facts: { everywhere: true }, at: now })
  })

/**
 * Deletes a citizen's identity, list and sessions. Their cases stay, each under its own secret.
 *
 * @param identity null when nobody is signed in (any more)
 * @param submitKey the form's key: sent again, it succeeds
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
  // A repeated form after a new sign-in: the new identity is deleted too.
  if (identity !== null) await transaction((tx) => forget(tx, identity, now))
  return done
}

async function forget(tx: Tx, identity: IdentityScope, now: Instant): Promise<void> {
  const { count } = await tx.identity.deleteMany({ where: { id: identity.identityId } })
  if (count === 0) return
  await noteErased(tx, 'identity', [identity.identityId], now)
  await audit(tx, { ...by(identity.identityId), act: 'identity.forget', at: now })
}

// The audit log says that a case entered or left a list, but not whose, so that nobody can be found by their cases.
const entry = (caseId: string, act: AuditAct, at: Instant) =>
  ({ actor: { kind: 'citizen' }, act, subject: { kind: 'case', id: caseId }, at }) as const

/** Puts a signed-in citizen's new case on their list, in the transaction that makes the case. */
export async function listFiled(tx: Tx, caseId: string, { identityId }: IdentityScope, at: Instant) {
  // Deferred with the transaction's other rows. Inserts nothing if the identity was deleted meanwhile.
  await deferStatement(
    tx,
    sql`INSERT INTO identity_cases (case_id, identity_id, how, added_at)
      SELECT ${caseId}::uuid, id, 'filed'::listed_how, ${at} FROM identities WHERE id = ${identityId}::uuid`,
  )
  await audit(tx, { ...entry(caseId, 'case.list', at), facts: { how: 'filed' } })
}

/** Puts a case whose secret was shown on a list. `taken`: it is on another person's list. Safe to repeat. */
export async function listAdded(
  tx: Tx,
  caseId: string,
  { identityId }: IdentityScope,
  at: Instant,
): Promise<Result<{ readonly isNew: boolean }, 'taken'>> {
  const row = { caseId, identityId, how: 'added', addedAt: at } as const
  const isNew = (await tx.identityCase.createMany({ data: [row], skipDuplicates: true })).count === 1
  const holder = await tx.identityCase.findFirst({ where: { caseId }, select: { identityId: true } })
  if (holder?.identityId !== identityId) return err('taken')
  if (isNew) await audit(tx, { ...entry(caseId, 'case.list', at), facts: { how: 'added' } })
  return ok({ isNew })
}

/**
 * Removes a case from its list, for the list's owner or a person with the case's secret. Ends visits opened from the list.
 * Returns false if it is on no list, or on one outside the scope.
 */
export async function removeFromList(scope: CaseScope | IdentityScope, caseId: string, now: Instant) {
  if (scope.kind !== 'identity' && !(scope.kind === 'one' && scope.access === 'full')) return false
  return inScope(scope, () => transaction((tx) => takeOffList(tx, scope, caseId, now)))
}

/** Removes it in the caller's transaction, which must run within the scope. */
export async function takeOffList(tx: Tx, scope: CaseScope | IdentityScope, caseId: string, now: Instant) {
  const [listed] = await tx.$queryRaw<{ identityId: string }[]>`
    DELETE FROM identity_cases WHERE case_id = ${caseId}::uuid RETURNING identity_id AS "identityId"`
  if (!listed) return false
  await endVisitsOf(tx, listed.identityId, caseId)
  const by = scope.kind === 'identity' ? 'list' : 'secret'
  await audit(tx, { ...entry(caseId, 'case.unlist', now), facts: { by } })
  return true
}
