import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { arePasskeysPossible } from '#platform/passkeys.ts'
import { ROLES_OF } from './rules.ts'

type Bytes = Uint8Array<ArrayBuffer>

export type AskedChallenge =
  | { readonly purpose: 'sign_in' }
  | { readonly purpose: 'step_up'; readonly sessionHash: Bytes }
  | { readonly purpose: 'register'; readonly sessionHash: Bytes; readonly name: string }

interface Purpose {
  readonly purpose: AskedChallenge['purpose']
  readonly sessionHash: Bytes | null
}

export async function insertChallenge(challengeHash: Bytes, asked: AskedChallenge, expiresAt: Instant) {
  const data = { challengeHash, expiresAt, ...asked }
  await db.passkeyChallenge.create({ data, select: { expiresAt: true } })
}

export async function isChallengeAsked(
  challengeHash: Bytes,
  { purpose, sessionHash }: Purpose,
  now: Instant,
) {
  const where = { challengeHash, purpose, sessionHash, expiresAt: { gt: now } }
  return (await db.passkeyChallenge.count({ where })) > 0
}

/** Deletes a challenge, so that only one of two answers counts. Returns its row, or null when it is gone. */
export async function takeChallenge(tx: Tx, challengeHash: Bytes, of: Purpose, now: Instant) {
  const { purpose, sessionHash } = of
  const rows = await tx.$queryRaw<{ name: string | null }[]>`
    DELETE FROM passkey_challenges
    WHERE challenge_hash = ${challengeHash} AND purpose = ${purpose}::passkey_purpose
      AND session_hash IS NOT DISTINCT FROM ${sessionHash}::bytea AND expires_at > ${now}
    RETURNING name`
  return rows[0] ?? null
}

export const findPasskey = (credentialId: Bytes) =>
  db.passkey.findFirst({
    where: { credentialId, account: { active: true } },
    select: {
      ...{ id: true, accountId: true, credentialId: true, publicKey: true, counter: true, transports: true },
      account: { select: { email: true, role: true } },
    },
  })

export const listKnownPasskeys = (accountId: string) =>
  db.passkey.findMany({ where: { accountId }, select: { credentialId: true, transports: true } })

export const countPasskeys = (accountId: string, tx: Tx | typeof db = db): Promise<number> =>
  tx.passkey.count({ where: { accountId } })

/** Locks an account's row, so that its passkeys do not change until the transaction ends. */
export async function lockPasskeys(tx: Tx, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`
}

export const listOwnPasskeys = (actor: StaffActor) =>
  db.passkey.findMany({
    where: { accountId: actor.id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, backedUp: true, createdAt: true, lastUsedAt: true },
  })

export const readPasskeyStanding = (actor: StaffActor) => ({
  possible: arePasskeysPossible(),
  required: requiresPasskey(actor.role),
})

export const readPasskeysAtSignIn = () => ({
  possible: arePasskeysPossible(),
  required: env().PASSKEYS_REQUIRED,
})

export const requiresPasskey = (role: StaffRole): boolean =>
  env().PASSKEYS_REQUIRED.some((group) => ROLES_OF[group].includes(role))
