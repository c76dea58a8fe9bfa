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
  /** The {@link deviceCookie} from this browser's last sign-in to this account. */
  readonly device: string | undefined
  readonly browser?: BrowserLabel
}

/** `mail`: a mailed link now makes this browser a known one. `passkey`: this person must use one. `passkey_wrong`: refused. */
export type SignInRefusal = { readonly code: 'wrong' | 'mail' | 'passkey' | 'passkey_wrong' } | Wait

export interface SignedIn {
  readonly accountId: string
  readonly token: string
  /** Lets this browser's next tries be counted separately. */
  readonly device: string
}

/**
 * Signs a person in. An unknown account, a disabled one, a wrong password and a wrong code get the same answer after the same
 * time.
 *
 * Failures are counted by account and device (OWASP, "device cookies"): a browser that has signed in to the account before has a
 * count of its own; all others share one. So guessing slows down, however many addresses it comes from. The owner is not locked
 * out: while the shared count has to wait, a right password and code cause a mail with a link that makes the browser a known
 * one. An attacker who guesses both at such a time still lacks the mailbox (ADR 20).
 */
export async function signIn(input: SignIn, now: Instant): Promise<Result<SignedIn, SignInRefusal>> {
  // PostgreSQL rejects NUL: the query would fail, and the answer would differ from `wrong`.
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
  // Another request used the same code first, or the sign-in was reset or changed meanwhile.
  return token === null ? refused(account.id, now) : ok(signedIn(account.id, token, email, device))
}

/** Opens a session and returns its random token; only the token's hash is stored. */
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

/** Mails the link that makes a browser known; false if the code was used meanwhile. A recovery code stays unused. */
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

/** Signs in by a passkey, unlocked with its PIN or finger. All faults get the same answer. */
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

/** `enrols`: the session gives access to nothing before its person has registered a passkey. */
export type StaffSession = SessionActor & { readonly enrols: boolean }

/** Returns the person of a live session's token, or null. `watching`: a page polls, which does not keep the session alive. */
export async function readSession(
  token: string,
  now: Instant,
  watching = false,
): Promise<StaffSession | null> {
  const actor = await findActor(keyedHash('staff-session', token), now, watching)
  return actor && { ...actor, enrols: actor.passkeys === 0 && requiresPasskey(actor.role) }
}

/** Returns the session as {@link readSession} does, but null while its person still has to register a passkey. */
export async function readStaffSession(token: string, now: Instant, watching = false) {
  const session = await readSession(token, now, watching)
  return session?.enrols ? null : session
}

/** Ends a session for good: a copied cookie is useless too. */
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

/** Ends one of one's own sessions. One that has ended, or another person's, changes nothing. */
export const endOwnSession = (actor: StaffActor, sessionId: string, now: Instant): Promise<number> =>
  transaction((tx) => endSessionsOf(tx, actor, actor.id, now, { only: sessionId }))

export const endOtherSessions = (actor: StaffActor, token: string, now: Instant): Promise<number> =>
  transaction((tx) => endSessionsOf(tx, actor, actor.id, now, { but: keyedHash('staff-session', token) }))

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

/** Makes a browser's proof that it once signed in to an account: a random id and its keyed hash with the address. */
const deviceCookie = (email: string, id: string) => `${id}.${deviceProof(email, id).toString('base64url')}`

const deviceProof = (email: string, id: string) => Buffer.from(keyedHash('sign-in-device', `${email}\0${id}`))

/** Returns the id in this account's cookie. Compares texts: other spellings of the bytes would get fresh counts of tries. */
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

/** Mails the account's owner a link that makes the browser that opens it a known one. It signs nobody in. */
const mailBrowserLink = (tx: Tx, accountId: string, now: Instant): Promise<void> =>
  enqueue(tx, 'account-notice', {
    id: randomUUID(),
    accountId,
    notice: 'new_browser',
    linkExpires: addMilliseconds(now, LINK_LIFE).getTime(),
  })

/** Returns the cookie of a mailed link, or null. A link always gives the same cookie: a mail scanner uses nothing up. */
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

/** Counts a try before it is made, so that simultaneous ones count too. Returns the wait if earlier failures require one. */
export const beginTry = (keyHash: Uint8Array<ArrayBuffer>, now: Instant): Promise<Wait | null> =>
  transaction(async (tx) => {
    // One statement inserts or locks the row; between two, the row could be deleted.
    const [row = { count: 0, last_at: now }] = await tx.$queryRaw<{ count: number; last_at: Date }[]>`
      INSERT INTO sign_in_failures AS row (key_hash, count, last_at) VALUES (${keyHash}, 0, ${now})
      ON CONFLICT (key_hash) DO UPDATE SET count = row.count RETURNING count, last_at`
    const wait = waitAfter(row.count)
    const left = row.last_at.getTime() + wait - now.getTime()
    // Without a wait, the order of simultaneous tries does not matter.
    if (wait > 0 && left > 0) return { code: 'wait', seconds: Math.ceil(left / 1000) }
    await tx.signInFailure.update({ where: { keyHash }, data: { count: { increment: 1 }, lastAt: now } })
    return null
  })
