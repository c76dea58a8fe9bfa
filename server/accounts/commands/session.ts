import '#server-only'
import type { BrowserLabel } from '#domain/access/browser.ts'
import { sessionExpiry } from '#domain/access/sign-in.ts'
import { err, ok, type Result } from '#domain/result.ts'
import type { Instant } from '#domain/time.ts'
import { audit } from '#server/audit/commands.ts'
import { keyedHash, random, sameBytes } from '#server/platform/crypto.ts'
import { transaction } from '#server/platform/db.ts'
import { isPassword } from '#server/platform/password.ts'
import { actorOf, endSession, insertSession, type SessionActor } from '../repository/sessions.ts'
import { credentialsOf, forgetTries, holdCredentials } from '../repository/sign-in.ts'
import { shownFactor, spendFactor } from './second-factor.ts'
import { beginTry, type Wait } from './tries.ts'

export interface SignIn {
  readonly email: string
  readonly password: string
  /** The app's six digits, or a recovery code. */
  readonly otp: string
  /** What {@link deviceCookie} made when this browser last signed in to this account. */
  readonly device: string | undefined
  /** By which its owner knows the session again. */
  readonly browser?: BrowserLabel
}

export type SignInRefusal = { readonly code: 'wrong' } | Wait

export interface SignedIn {
  readonly accountId: string
  /** The random id of the session. Only its hash is stored. */
  readonly token: string
  /** Lets this browser's next tries be counted apart from everybody else's. */
  readonly device: string
}

/**
 * Signs somebody in. An unknown account, a disabled one, a wrong password and a wrong code answer alike and in
 * the same time.
 *
 * Failures are counted by account and device (OWASP, "device cookies"): a browser that has signed in to the account
 * before has a count of its own, all others share one. So guessing grows slow however many addresses it comes from,
 * and cannot lock out the person whose account it is.
 */
export async function signIn(input: SignIn, now: Instant): Promise<Result<SignedIn, SignInRefusal>> {
  // PostgreSQL takes no NUL: asked with one it fails, which is another answer than `wrong`.
  const email = input.email.replaceAll('\0', '').trim().toLowerCase()
  const device = deviceOf(email, input.device)
  const tries = keyedHash('sign-in', `${email}\0${device ?? ''}`)
  const wait = await beginTry(tries, now)
  if (wait) return err(wait)
  const account = await credentialsOf(email)
  const matches = await isPassword(account?.passwordHash ?? null, input.password)
  const factor = await shownFactor(account, input.otp, now)
  if (!account || !matches || !factor) return refused(account?.id ?? null, now)
  const token = random(32).toString('base64url')
  const entered = await transaction(async (tx) => {
    if (!(await holdCredentials(tx, account))) return false
    if (!(await spendFactor(tx, account.id, factor, now))) return false
    await forgetTries(tx, tries)
    await insertSession(tx, {
      tokenHash: keyedHash('staff-session', token),
      accountId: account.id,
      browser: input.browser ?? 'other other',
      createdAt: now,
      expiresAt: sessionExpiry(now),
    })
    await audit(tx, {
      ...byAccount(account.id),
      act: 'session.start',
      facts: { knownDevice: device !== null, factor: factor.kind },
      at: now,
    })
    return true
  })
  // Two came with one code and the other was faster, or the sign-in was reset or changed meanwhile.
  if (!entered) return refused(account.id, now)
  return ok({
    accountId: account.id,
    token,
    device: deviceCookie(email, device ?? random(16).toString('base64url')),
  })
}

const byAccount = (id: string) => ({
  actor: { kind: 'staff', id } as const,
  subject: { kind: 'session', id } as const,
})

async function refused(accountId: string | null, now: Instant): Promise<Result<never, SignInRefusal>> {
  await transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'session.refuse',
      subject: { kind: 'account', id: accountId ?? 'unknown' },
      at: now,
    }),
  )
  return err({ code: 'wrong' })
}

/** A browser's proof that it once signed in to an account: a random id and its keyed hash with the address. */
const deviceCookie = (email: string, id: string): string =>
  `${id}.${deviceProof(email, id).toString('base64url')}`

const deviceProof = (email: string, id: string): Buffer =>
  Buffer.from(keyedHash('sign-in-device', `${email}\0${id}`))

/**
 * The id in a browser's cookie, where it is of this account. Compared as it is written: what may be written in many ways
 * would have a fresh count of tries in each.
 */
function deviceOf(email: string, cookie: string | undefined): string | null {
  const id = cookie?.split('.')[0] ?? ''
  return sameBytes(Buffer.from(deviceCookie(email, id)), Buffer.from(cookie ?? '')) ? id : null
}

/** Who a session's token belongs to now, or null when it has ended, gone stale or its account is disabled. */
export const staffOfSession = (token: string, now: Instant): Promise<SessionActor | null> =>
  actorOf(keyedHash('staff-session', token), now)

/** Ends a session for good: a copy of its cookie opens nothing any more. */
export async function signOut(token: string, now: Instant): Promise<void> {
  await transaction(async (tx) => {
    const accountId = await endSession(tx, keyedHash('staff-session', token), now)
    if (accountId) await audit(tx, { ...byAccount(accountId), act: 'session.end', at: now })
  })
}
