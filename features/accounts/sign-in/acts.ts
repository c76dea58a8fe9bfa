import '#server-only'
import { randomUUID } from 'node:crypto'
import { audit } from '#features/audit/entries/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { BrowserLabel } from '#lib/access/browser.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant, MINUTE } from '#lib/time.ts'
import { keyedHash, randomBuffer, sameBytes } from '#platform/crypto.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { isPassword } from '#platform/password.ts'
import { enqueue } from '#platform/queue.ts'
import { type Factor, readFactor, spendFactor } from '../factors/acts.ts'
import { findStaffAddress } from '../factors/data.ts'
import type { FactorKind } from '../factors/rules.ts'
import { readPasskey, spendPasskey } from '../passkeys/acts.ts'
import { requiresPasskey } from '../passkeys/data.ts'
import {
  type Credentials,
  endSessions,
  findActor,
  findCredentials,
  forgetTries,
  insertSession,
  lockCredentials,
  type SessionActor,
} from './data.ts'
import { SESSION_LIFE, waitAfter } from './rules.ts'

export interface SignIn {
  readonly email: string
  readonly password: string
  readonly otp: string
  /** The value that {@link deviceCookie} made when this browser last signed in to this account. */
  readonly device: string | undefined
  readonly browser?: BrowserLabel
}

/**
 * `mail`: password and code were right, and a link has been mailed that makes this browser a known one. `passkey`: they
 * were right, and this person signs in with a passkey alone. `passkey_wrong`: it was not accepted.
 */
export type SignInRefusal = { readonly code: 'wrong' | 'mail' | 'passkey' | 'passkey_wrong' } | Wait

export interface SignedIn {
  readonly accountId: string
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
  const account = await findCredentials(email)
  const matches = await isPassword(account?.passwordHash ?? null, input.password)
  const factor = await readFactor(account, input.otp, now)
  if (!account || !matches || !factor) return wait ? err(wait) : refused(account?.id ?? null, now)
  if (account.passkeys > 0 && requiresPasskey(account.role)) return refused(account.id, now, 'passkey')
  if (wait) return (await mailLink(account, factor, now)) ? err({ code: 'mail' }) : err(wait)
  const token = await transaction(async (tx) => {
    if (!(await lockCredentials(tx, account))) return null
    if (!(await spendFactor(tx, account.id, factor, now))) return null
    await forgetTries(tx, tries)
    return openSession(tx, account.id, { browser: input.browser, device, factor: factor.kind }, now)
  })
  // Two came with one code and the other was faster, or the sign-in was reset or changed meanwhile.
  return token === null ? refused(account.id, now) : ok(signedIn(account.id, token, email, device))
}

/** Opens a session; answers its token, a random id of which only the hash is stored. */
async function openSession(
  tx: Tx,
  accountId: string,
  of: {
    readonly browser: BrowserLabel | undefined
    readonly device: string | null
    readonly factor: FactorKind
  },
  now: Instant,
): Promise<string> {
  const token = randomBuffer(32).toString('base64url')
  const [tokenHash, browser] = [keyedHash('staff-session', token), of.browser ?? 'other other']
  await insertSession(tx, { tokenHash, accountId, browser, createdAt: now, expiresAt: sessionExpiry(now) })
  const facts = { knownDevice: of.device !== null, factor: of.factor }
  await audit(tx, { ...byAccount(accountId), act: 'session.start', facts, at: now })
  return token
}

const sessionExpiry = (signedInAt: Instant): Instant => addMilliseconds(signedInAt, SESSION_LIFE)

const signedIn = (accountId: string, token: string, email: string, device: string | null): SignedIn => ({
  ...{ accountId, token },
  device: deviceCookie(email, device ?? randomBuffer(16).toString('base64url')),
})

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

/**
 * Signs in the person whose passkey signed what was asked, with its PIN or finger: nothing is typed, so nothing is guessed
 * and nobody waits. Every fault of it is answered alike.
 */
export async function signInWithPasskey(
  { answer, device: cookie, browser }: Pick<SignIn, 'device' | 'browser'> & { readonly answer: unknown },
  now: Instant,
): Promise<Result<SignedIn, SignInRefusal>> {
  const signed = await readPasskey(answer, { purpose: 'sign_in', sessionHash: null }, now)
  if (signed === null) return refused(null, now, 'passkey_wrong')
  const { accountId, email, shown } = signed
  const device = deviceOf(email, cookie)
  const token = await transaction(async (tx) =>
    (await spendPasskey(tx, shown, now))
      ? openSession(tx, accountId, { browser, device, factor: shown.kind }, now)
      : null,
  )
  return token === null
    ? refused(accountId, now, 'passkey_wrong')
    : ok(signedIn(accountId, token, email, device))
}

/** A person's session; `enrols`: it opens nothing before they have registered a passkey. */
export type StaffSession = SessionActor & { readonly enrols: boolean }

/**
 * Returns who a session's token belongs to now, or null when it has ended, gone stale or its account is disabled.
 * `watching`: a page asks by itself, which is no use of the session.
 */
export async function readSession(
  token: string,
  now: Instant,
  watching = false,
): Promise<StaffSession | null> {
  const actor = await findActor(keyedHash('staff-session', token), now, watching)
  return actor && { ...actor, enrols: actor.passkeys === 0 && requiresPasskey(actor.role) }
}

/** Returns the same for everything but the registration of a passkey that is due: before it, nobody is signed in. */
export async function readStaffSession(token: string, now: Instant, watching = false) {
  const session = await readSession(token, now, watching)
  return session?.enrols ? null : session
}

/** Ends a session for good: a copy of its cookie opens nothing any more. */
export async function signOut(token: string, now: Instant): Promise<void> {
  await transaction(async (tx) => {
    const [ended] = await tx.staffSession.updateManyAndReturn({
      where: { tokenHash: keyedHash('staff-session', token), endedAt: null },
      data: { endedAt: now },
      select: { accountId: true },
    })
    if (ended) await audit(tx, { ...byAccount(ended.accountId), act: 'session.end', at: now })
  })
}

/** Ends one of a person's own sessions; one that has ended already, or is another's, changes nothing. */
export const endOwnSession = (actor: StaffActor, sessionId: string, now: Instant): Promise<number> =>
  transaction((tx) => endSessionsOf(tx, actor, actor.id, now, { only: sessionId }))

export const endOtherSessions = (actor: StaffActor, token: string, now: Instant): Promise<number> =>
  transaction((tx) => endSessionsOf(tx, actor, actor.id, now, { but: keyedHash('staff-session', token) }))

/** Ends an account's sessions, and writes it down where there were any; answers how many. */
export async function endSessionsOf(
  tx: Tx,
  actor: StaffActor,
  accountId: string,
  now: Instant,
  which?: Parameters<typeof endSessions>[3],
): Promise<number> {
  const ended = await endSessions(tx, accountId, now, which)
  const subject = { kind: 'account', id: accountId } as const
  if (ended > 0) await audit(tx, { actor, act: 'account.end_sessions', subject, facts: { ended }, at: now })
  return ended
}

/** Returns a browser's proof that it once signed in to an account: a random id and its keyed hash with the address. */
const deviceCookie = (email: string, id: string): string =>
  `${id}.${deviceProof(email, id).toString('base64url')}`

const deviceProof = (email: string, id: string): Buffer =>
  Buffer.from(keyedHash('sign-in-device', `${email}\0${id}`))

/**
 * Returns the id in a browser's cookie, where it is of this account. Compared as it is written: what may be written in many
 * ways would have a fresh count of tries in each.
 */
function deviceOf(email: string, cookie: string | undefined): string | null {
  const id = cookie?.split('.')[0] ?? ''
  return sameBytes(Buffer.from(deviceCookie(email, id)), Buffer.from(cookie ?? '')) ? id : null
}

const LINK_LIFE = 30 * MINUTE

const proofOf = (accountId: string, expires: number): Buffer =>
  Buffer.from(keyedHash('sign-in-link', `${accountId}\0${expires}`))

/** Returns the path of a link that makes a browser known to an account until `expires` (milliseconds since 1970). */
export const makeBrowserLinkPath = (accountId: string, expires: number): string =>
  `/k/browser/${accountId}.${expires}.${proofOf(accountId, expires).toString('base64url')}`

/** Mails an account's owner a link that makes the browser in which it is opened a known one. It signs nobody in. */
const mailBrowserLink = (tx: Tx, accountId: string, now: Instant): Promise<void> =>
  enqueue(tx, 'account-notice', {
    id: randomUUID(),
    accountId,
    notice: 'new_browser',
    linkExpires: addMilliseconds(now, LINK_LIFE).getTime(),
  })

/**
 * Returns the cookie of a known browser for the token of a mailed link, or null where the link is made up or too old. Opened
 * again it is the same cookie: a mail scanner that follows the link takes nothing away and gets one count of tries.
 */
export async function readBrowserLink(token: string, now: Instant): Promise<string | null> {
  const [accountId = '', expiry = '', proof = ''] = token.split('.', 3)
  const expires = Number(expiry)
  if (!Number.isSafeInteger(expires) || expires <= now.getTime()) return null
  const right = proofOf(accountId, expires)
  if (!sameBytes(right, Buffer.from(proof, 'base64url'))) return null
  const email = await findStaffAddress(accountId)
  const id = Buffer.from(keyedHash('sign-in-link-browser', token)).subarray(0, 16).toString('base64url')
  return email === null ? null : deviceCookie(email, id)
}

export interface Wait {
  readonly code: 'wait'
  readonly seconds: number
}

/**
 * Counts a try before it is made, so that tries sent at once are counted too; or answers how long it has to wait for the
 * failures before it, and counts nothing.
 */
export const beginTry = (keyHash: Uint8Array<ArrayBuffer>, now: Instant): Promise<Wait | null> =>
  transaction(async (tx) => {
    // One statement makes the row or locks it: a row that exists may be deleted a moment later.
    const [row = { count: 0, last_at: now }] = await tx.$queryRaw<{ count: number; last_at: Date }[]>`
      INSERT INTO sign_in_failures AS row (key_hash, count, last_at) VALUES (${keyHash}, 0, ${now})
      ON CONFLICT (key_hash) DO UPDATE SET count = row.count RETURNING count, last_at`
    const wait = waitAfter(row.count)
    const left = row.last_at.getTime() + wait - now.getTime()
    // Where there is nothing to wait for, it does not matter which of several at once began first.
    if (wait > 0 && left > 0) return { code: 'wait', seconds: Math.ceil(left / 1000) }
    await tx.signInFailure.update({ where: { keyHash }, data: { count: { increment: 1 }, lastAt: now } })
    return null
  })
