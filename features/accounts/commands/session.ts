import '#server-only'
import { audit } from '#features/audit/commands.ts'
import type { BrowserLabel } from '#lib/access/browser.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { keyedHash, randomBuffer } from '#platform/crypto.ts'
import { transaction } from '#platform/db.ts'
import { isPassword } from '#platform/password.ts'
import { actorOf, endSession, insertSession, type SessionActor } from '../repository/sessions.ts'
import { type Credentials, credentialsOf, forgetTries, lockCredentials } from '../repository/sign-in.ts'
import { sessionExpiry } from '../rules/sign-in.ts'
import { mailBrowserLink } from './browser-link.ts'
import { deviceCookie, deviceOf } from './device.ts'
import { mustUsePasskey, shownPasskey, spendPasskey } from './passkey.ts'
import { type Factor, shownFactor, spendFactor } from './second-factor.ts'
import { beginTry, type Wait } from './tries.ts'

export interface SignIn {
  readonly email: string
  readonly password: string
  /** The app's six digits, or a recovery code. */
  readonly otp: string
  /** The value that {@link deviceCookie} made when this browser last signed in to this account. */
  readonly device: string | undefined
  /** The label by which the owner recognises the session in a list. */
  readonly browser?: BrowserLabel
}

/**
 * `mail`: password and code were right, and a link has been mailed that makes this browser a known one. `passkey`: they
 * were right, and this person signs in with a passkey alone. `passkey_wrong`: it was not accepted.
 */
export type SignInRefusal = { readonly code: 'wrong' | 'mail' | 'passkey' | 'passkey_wrong' } | Wait

export interface SignedIn {
  readonly accountId: string
  /** The random id of the session. Only its hash is stored. */
  readonly token: string
  /** Lets this browser's next tries be counted apart from everybody else's. */
  readonly device: string
}

/**
 * Signs a person in. An unknown account, a disabled one, a wrong password and a wrong code have the same answer, after
 * the same time.
 *
 * Failures are counted by account and device (OWASP, "device cookies"): a browser that has signed in to the account
 * before has a count of its own, and all other browsers share one. So guessing slows down from however many addresses
 * it comes. The owner is not locked out: while the shared count has to wait, a right password and code bring a mail
 * with a link that makes the browser a known one. An attacker who guesses both at such a time still lacks the mailbox
 * (ADR 20).
 */
export async function signIn(input: SignIn, now: Instant): Promise<Result<SignedIn, SignInRefusal>> {
  // PostgreSQL takes no NUL: asked with one it fails, which is another answer than `wrong`.
  const email = input.email.replaceAll('\0', '').trim().toLowerCase()
  const device = deviceOf(email, input.device)
  const tries = keyedHash('sign-in', `${email}\0${device ?? ''}`)
  const wait = await beginTry(tries, now)
  if (wait && device !== null) return err(wait)
  const account = await credentialsOf(email)
  const matches = await isPassword(account?.passwordHash ?? null, input.password)
  const factor = await shownFactor(account, input.otp, now)
  if (!account || !matches || !factor) return wait ? err(wait) : refused(account?.id ?? null, now)
  if (account.passkeys > 0 && mustUsePasskey(account.role)) return refused(account.id, now, 'passkey')
  if (wait) return (await mailLink(account, factor, now)) ? err({ code: 'mail' }) : err(wait)
  const token = randomBuffer(32).toString('base64url')
  const entered = await transaction(async (tx) => {
    if (!(await lockCredentials(tx, account))) return false
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
    device: deviceCookie(email, device ?? randomBuffer(16).toString('base64url')),
  })
}

/** Mails the link to a known browser; false where the code was spent meanwhile. A recovery code is not spent by it. */
const mailLink = (account: Credentials, factor: Factor, now: Instant): Promise<boolean> =>
  transaction(async (tx) => {
    if (!(await lockCredentials(tx, account))) return false
    if (factor.kind === 'totp' && !(await spendFactor(tx, account.id, factor, now))) return false
    await mailBrowserLink(tx, account.id, now)
    const subject = { kind: 'account', id: account.id } as const
    await audit(tx, { actor: { kind: 'system' }, act: 'session.mail_link', subject, at: now })
    return true
  })

const byAccount = (id: string) => ({
  actor: { kind: 'staff', id } as const,
  subject: { kind: 'session', id } as const,
})

async function refused(
  accountId: string | null,
  now: Instant,
  code: 'wrong' | 'passkey' | 'passkey_wrong' = 'wrong',
): Promise<Result<never, SignInRefusal>> {
  await transaction((tx) =>
    audit(tx, {
      actor: { kind: 'system' },
      act: 'session.refuse',
      subject: { kind: 'account', id: accountId ?? 'unknown' },
      at: now,
    }),
  )
  return err({ code })
}

export interface PasskeySignIn extends Pick<SignIn, 'device' | 'browser'> {
  /** The browser's answer to what {@link askSignIn} asked. */
  readonly answer: unknown
}

/**
 * Signs in the person whose passkey signed what was asked, with its PIN or finger: nothing is typed, so nothing is guessed
 * and nobody waits. Every fault of it is answered alike.
 */
export async function signInWithPasskey(
  { answer, device: cookie, browser = 'other other' }: PasskeySignIn,
  now: Instant,
): Promise<Result<SignedIn, SignInRefusal>> {
  const signed = await shownPasskey(answer, { purpose: 'sign_in', sessionHash: null }, now)
  if (signed === null) return refused(null, now, 'passkey_wrong')
  const { accountId, email, shown } = signed
  const device = deviceOf(email, cookie)
  const token = randomBuffer(32).toString('base64url')
  const entered = await transaction(async (tx) => {
    if (!(await spendPasskey(tx, shown, now))) return false
    await insertSession(tx, {
      tokenHash: keyedHash('staff-session', token),
      accountId,
      browser,
      createdAt: now,
      expiresAt: sessionExpiry(now),
    })
    const facts = { knownDevice: device !== null, factor: shown.kind }
    await audit(tx, { ...byAccount(accountId), act: 'session.start', facts, at: now })
    return true
  })
  if (!entered) return refused(accountId, now, 'passkey_wrong')
  return ok({
    accountId,
    token,
    device: deviceCookie(email, device ?? randomBuffer(16).toString('base64url')),
  })
}

/** A person's session; `enrols`: it opens nothing before they have registered a passkey. */
export type StaffSession = SessionActor & { readonly enrols: boolean }

/**
 * Returns who a session's token belongs to now, or null when it has ended, gone stale or its account is disabled.
 * `watching`: a page asks by itself, which is no use of the session.
 */
export async function sessionOf(token: string, now: Instant, watching = false): Promise<StaffSession | null> {
  const actor = await actorOf(keyedHash('staff-session', token), now, watching)
  return actor && { ...actor, enrols: actor.passkeys === 0 && mustUsePasskey(actor.role) }
}

/** Returns the same for everything but the registration of a passkey that is due: before it, nobody is signed in. */
export async function staffOfSession(
  token: string,
  now: Instant,
  watching = false,
): Promise<StaffSession | null> {
  const session = await sessionOf(token, now, watching)
  return session?.enrols ? null : session
}

/** Ends a session for good: a copy of its cookie opens nothing any more. */
export async function signOut(token: string, now: Instant): Promise<void> {
  await transaction(async (tx) => {
    const accountId = await endSession(tx, keyedHash('staff-session', token), now)
    if (accountId) await audit(tx, { ...byAccount(accountId), act: 'session.end', at: now })
  })
}
