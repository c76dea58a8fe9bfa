import '#server-only'
import type { StaffActor } from '#lib/access/actor.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { arePasskeysPossible } from '#platform/passkeys.ts'
import { isPasskeyRequired } from './rules.ts'

type Bytes = Uint8Array<ArrayBuffer>

/** Names the purpose for which a passkey signs, and the session; a sign-in has none. */
export type Asked =
  | { readonly purpose: 'sign_in' }
  | { readonly purpose: 'step_up'; readonly sessionHash: Bytes }
  | { readonly purpose: 'register'; readonly sessionHash: Bytes; readonly name: string }

export async function insertChallenge(challengeHash: Bytes, asked: Asked, expiresAt: Instant): Promise<void> {
  await db.passkeyChallenge.create({
    data: { challengeHash, expiresAt, ...asked },
    select: { expiresAt: true },
  })
}

const asAsked = (
  { purpose, sessionHash }: { purpose: Asked['purpose']; sessionHash: Bytes | null },
  now: Instant,
) => ({
  purpose,
  sessionHash,
  expiresAt: { gt: now },
})

export const isAsked = async (
  challengeHash: Bytes,
  of: { readonly purpose: Asked['purpose']; readonly sessionHash: Bytes | null },
  now: Instant,
): Promise<boolean> =>
  (await db.passkeyChallenge.findFirst({
    where: { challengeHash, ...asAsked(of, now) },
    select: { expiresAt: true },
  })) !== null

/** Takes a challenge, which is answered with this: of two answers one takes it. Returns its name; null where it is gone. */
export async function takeChallenge(
  tx: Tx,
  challengeHash: Bytes,
  of: { readonly purpose: Asked['purpose']; readonly sessionHash: Bytes | null },
  now: Instant,
): Promise<{ readonly name: string | null } | null> {
  const { purpose, sessionHash } = of
  const rows = await tx.$queryRaw<{ name: string | null }[]>`
    DELETE FROM passkey_challenges
    WHERE challenge_hash = ${challengeHash} AND purpose = ${purpose}::passkey_purpose
      AND session_hash IS NOT DISTINCT FROM ${sessionHash}::bytea AND expires_at > ${now}
    RETURNING name`
  return rows[0] ?? null
}

const STORED = {
  id: true,
  accountId: true,
  credentialId: true,
  publicKey: true,
  counter: true,
  transports: true,
} as const

/** Returns the passkey of a credential, where its account is open; null otherwise. */
export const findPasskey = (credentialId: Bytes) =>
  db.passkey.findFirst({
    where: { credentialId, account: { active: true } },
    select: { ...STORED, account: { select: { email: true, role: true } } },
  })

export const listKnownPasskeys = (accountId: string) =>
  db.passkey.findMany({ where: { accountId }, select: { credentialId: true, transports: true } })

export interface PasskeyRow {
  readonly id: string
  readonly name: string
  readonly backedUp: boolean
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | null
}

export const listPasskeys = (accountId: string): Promise<PasskeyRow[]> =>
  db.passkey.findMany({
    where: { accountId },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
    select: { id: true, name: true, backedUp: true, createdAt: true, lastUsedAt: true },
  })

export const countPasskeys = (accountId: string, tx: Tx | typeof db = db): Promise<number> =>
  tx.passkey.count({ where: { accountId } })

/** Locks an account's row: no passkey of it comes or goes until the transaction ends. */
export async function lockPasskeys(tx: Tx, accountId: string): Promise<void> {
  await tx.$queryRaw`SELECT 1 FROM staff_accounts WHERE id = ${accountId}::uuid FOR NO KEY UPDATE`
}

export async function insertPasskey(
  tx: Tx,
  passkey: {
    readonly accountId: string
    readonly credentialId: Bytes
    readonly publicKey: Bytes
    readonly counter: bigint
    readonly transports: string[]
    readonly syncable: boolean
    readonly backedUp: boolean
    readonly name: string
    readonly createdAt: Instant
  },
): Promise<boolean> {
  const { count } = await tx.passkey.createMany({ data: [passkey], skipDuplicates: true })
  return count === 1
}

/**
 * Counts a use of a passkey, in the statement that looks whether its count still goes forward: a copy of the device would
 * go back. Devices that do not count say 0.
 */
export async function countUse(
  tx: Tx,
  id: string,
  { counter, backedUp }: { readonly counter: bigint; readonly backedUp: boolean },
  now: Instant,
): Promise<boolean> {
  const { count } = await tx.passkey.updateMany({
    where: { id, counter: counter === 0n ? 0n : { lt: counter }, account: { active: true } },
    data: { counter, backedUp, lastUsedAt: now },
  })
  return count === 1
}

export async function deletePasskey(tx: Tx, accountId: string, id: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ name: string }[]>`
    DELETE FROM passkeys WHERE id = ${id}::uuid AND account_id = ${accountId}::uuid RETURNING name`
  return rows[0]?.name ?? null
}

/** Removes a passkey of any account; answers the account it was of, or null where it is gone. */
export async function takePasskey(tx: Tx, id: string): Promise<string | null> {
  const rows = await tx.$queryRaw<{ accountId: string }[]>`
    DELETE FROM passkeys WHERE id = ${id}::uuid RETURNING account_id::text AS "accountId"`
  return rows[0]?.accountId ?? null
}

export const listOwnPasskeys = (actor: StaffActor): Promise<readonly PasskeyRow[]> => listPasskeys(actor.id)

export const readPasskeyStanding = (actor: StaffActor) => ({
  possible: arePasskeysPossible(),
  required: requiresPasskey(actor.role),
})

export const readPasskeysAtSignIn = () => ({
  possible: arePasskeysPossible(),
  required: env().PASSKEYS_REQUIRED,
})

export const requiresPasskey = (role: StaffRole): boolean => isPasskeyRequired(role, env().PASSKEYS_REQUIRED)
