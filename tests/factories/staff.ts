import { randomUUID } from 'node:crypto'
import { hash } from '@node-rs/argon2'
import { Secret, TOTP } from 'otpauth'
import { insertAccount, type NewAccount } from '#features/accounts/data.ts'
import { sealTotpSecret } from '#features/accounts/factors/acts.ts'
import type { StaffReader } from '#lib/access/actor.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { totpText } from '#platform/totp.ts'
import { db } from '#tests/db.ts'

/** Test accounts have no waiting period. */
const LONG_AGO = new Date(0)

/** A hash contains its own cost, so cheap hashes are also verified quickly. */
const CHEAP = { memoryCost: 8, timeCost: 1, parallelism: 1 }

/** The second factor of every test account. */
const TOTP_SECRET = Buffer.from('a secret for tests !')
/** The same secret in base32, as an authenticator app gets it. */
export const TOTP_TEXT = totpText(TOTP_SECRET)

/** Makes a signed-in person with an account in the database. Police and an agency's viewer belong to `quan-3` by default. */
export async function makeStaff(
  role: StaffRole,
  {
    unitId = 'quan-3',
    agencyId = 'quan-3',
    carrierId = null,
  }: { unitId?: string; agencyId?: string; carrierId?: string | null } = {},
): Promise<StaffReader> {
  const id = randomUUID()
  const bound = role === 'officer' || role === 'supervisor' ? unitId : null
  const of = role === 'agency_viewer' ? agencyId : null
  const name = `${role} ${id.slice(0, 4)}`
  const signIn = { passwordHash: 'set', totpSecret: sealTotpSecret(id, TOTP_SECRET), decidesFrom: LONG_AGO }
  await db.staffAccount.create({
    data: { id, email: `${id}@example.vn`, name, role, unitId: bound, agencyId: of, carrierId, ...signIn },
  })
  return { kind: 'staff', id, name, role, unitId: bound, agencyId: of, carrierId, sessionId: randomUUID() }
}

/** Returns the code that an app with this secret (base32) shows at `now`, or `off` steps of thirty seconds later. */
export const codeOf = (secret: string, now: Instant, off = 0): string =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: now.getTime() + off * 30_000 })

export const codeAt = (now: Instant, off = 0): string => codeOf(TOTP_TEXT, now, off)

/** Makes an account that can sign in already. Returns its id. */
export async function createAccount(tx: Tx, account: NewAccount, password: string): Promise<string> {
  const id = await insertAccount(tx, account, {
    passwordHash: await hash(password.normalize('NFC'), CHEAP),
    decidesFrom: LONG_AGO,
  })
  await tx.staffAccount.update({ where: { id }, data: { totpSecret: sealTotpSecret(id, TOTP_SECRET) } })
  return id
}
