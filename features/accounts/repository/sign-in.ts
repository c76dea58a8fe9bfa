import '#server-only'
import type { StaffRole } from '#lib/access/roles.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import { db, type Tx, transaction } from '#platform/db.ts'
import type { FactorOwner } from './second-factor.ts'

export interface Credentials extends FactorOwner {
  readonly passwordHash: string | null
}

/** The same, with what decides whether password and code are enough. */
export interface SignInOwner extends Credentials {
  readonly role: StaffRole
  readonly passkeys: number
}

/** Returns what a sign-in compares with; a disabled account has none. */
export async function credentialsOf(email: string): Promise<SignInOwner | null> {
  const account = await db.staffAccount.findFirst({
    where: { email, active: true },
    select: {
      id: true,
      passwordHash: true,
      totpSecret: true,
      totpStep: true,
      role: true,
      _count: { select: { passkeys: true } },
    },
  })
  if (!account) return null
  const { _count, ...owner } = account
  return { ...owner, passkeys: _count.passkeys }
}

/**
 * Tells whether an account's password and second factor are still those that were compared, which takes its time; if so
 * they stay until the transaction ends.
 */
export async function lockCredentials(
  tx: Tx,
  { id, passwordHash, totpSecret }: Credentials,
): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM staff_accounts WHERE id = ${id}::uuid AND active
      AND password_hash = ${passwordHash} AND totp_secret = ${totpSecret} FOR NO KEY UPDATE`
  return rows.length > 0
}

/**
 * Counts a try before it is made, so that tries sent at once are counted too. Null when it may be made;
 * otherwise the failures so far and the last one's time, and nothing is counted.
 */
export async function countTry(
  keyHash: Uint8Array<ArrayBuffer>,
  now: Instant,
  waitAfter: (failures: number) => number,
): Promise<{ count: number; lastAt: Instant } | null> {
  return transaction(async (tx) => {
    // One statement makes the row or locks it: a row that exists may be deleted a moment later.
    const [row = { count: 0, last_at: now }] = await tx.$queryRaw<{ count: number; last_at: Date }[]>`
      INSERT INTO sign_in_failures AS row (key_hash, count, last_at) VALUES (${keyHash}, 0, ${now})
      ON CONFLICT (key_hash) DO UPDATE SET count = row.count RETURNING count, last_at`
    const wait = waitAfter(row.count)
    // Where there is nothing to wait for, it does not matter which of several at once began first.
    if (wait > 0 && addMilliseconds(row.last_at, wait) > now) return { count: row.count, lastAt: row.last_at }
    await tx.signInFailure.update({ where: { keyHash }, data: { count: { increment: 1 }, lastAt: now } })
    return null
  })
}

export async function forgetTries(tx: Tx, keyHash: Uint8Array<ArrayBuffer>): Promise<void> {
  await tx.signInFailure.deleteMany({ where: { keyHash } })
}

export async function setSignIn(
  tx: Tx,
  id: string,
  factors: {
    passwordHash: string
    totpSecret: Uint8Array<ArrayBuffer>
    totpStep: number
    decidesFrom: Instant
  },
): Promise<void> {
  await tx.staffAccount.update({ where: { id }, data: factors, select: { id: true } })
}

export async function setPassword(tx: Tx, id: string, passwordHash: string): Promise<void> {
  await tx.staffAccount.update({ where: { id }, data: { passwordHash }, select: { id: true } })
}
