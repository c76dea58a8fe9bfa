import { cookies, headers } from 'next/headers'
import { redirect } from 'next/navigation'
import type { NextRequest } from 'next/server'
import type { AuthOptions } from 'next-auth'
import NextAuth from 'next-auth'
import { decode } from 'next-auth/jwt'
import Credentials from 'next-auth/providers/credentials'
import { getLocale } from 'next-intl/server'
import { cache } from 'react'
import { getStepUpMinutes } from '#features/accounts/factors/acts.ts'
import { openUntil, type StepUpKind, type StepUpNeed, stepUpNeed } from '#features/accounts/factors/rules.ts'
import {
  readSession,
  readStaffSession,
  type SignedIn,
  type SignInRefusal,
  type StaffSession,
  signIn,
  signInWithPasskey,
  signOut,
} from '#features/accounts/sign-in/acts.ts'
import { SESSION_LIFE } from '#features/accounts/sign-in/rules.ts'
import { type BrowserLabel, browserOf } from '#lib/access/browser.ts'
import { may, type Permission } from '#lib/access/roles.ts'
import { staffScope } from '#lib/access/scope.ts'
import { parseJson } from '#lib/parse-json.ts'
import type { Instant } from '#lib/time.ts'
import { pathFor } from '#messages/paths.ts'
import { env } from '#platform/env.ts'
import { log } from '#platform/log.ts'
import { withRequestId } from '#platform/request.ts'
import { inScope } from '#platform/scope.ts'
import { cookieName, cookieOptions, STAFF_SESSION } from './cookies.ts'
import { CSRF_COOKIE } from './csrf.ts'
import { notFoundPage } from './not-found-page.ts'
import '#server-only'

// This file contains all use of next-auth: its configuration and the few results that we keep.

const DEVICE_COOKIE = 'antam-device'

export type SignedInStaff = StaffSession

/** `expired`: the form was older than its cookie, or had none. `failed`: our fault. */
export type SignInFault = SignInRefusal | { readonly code: 'expired' | 'failed' }

type Attempt = { signedIn?: SignedIn; fault: SignInFault }

function options(attempt: Attempt, device: string | undefined, browser: BrowserLabel): AuthOptions {
  const cookie = (name: string) => ({ name: cookieName(name), options: cookieOptions() })
  return {
    secret: env().NEXTAUTH_SECRET,
    session: { strategy: 'jwt', maxAge: SESSION_LIFE / 1000 },
    cookies: {
      sessionToken: cookie(STAFF_SESSION),
      csrfToken: cookie(CSRF_COOKIE),
      callbackUrl: cookie('antam-callback'),
    },
    providers: [
      Credentials({
        credentials: { email: {}, password: {}, otp: {}, passkey: {} },
        async authorize(sent) {
          const { email = '', password = '', otp = '', passkey = '' } = sent ?? {}
          attempt.fault = { code: 'failed' }
          const entering =
            passkey === ''
              ? signIn({ email, password, otp, device, browser }, new Date())
              : signInWithPasskey({ answer: parseJson(passkey), device, browser }, new Date())
          const result = await entering.catch((error) => {
            // next-auth would swallow the error.
            log().error({ err: error }, 'a sign-in failed')
            throw error
          })
          if (!result.ok) {
            attempt.fault = result.error
            return null
          }
          attempt.signedIn = result.value
          return { id: result.value.accountId }
        },
      }),
    ],
    callbacks: {
      // Contains only a random id. The account and its permissions are read from the database each time.
      jwt: ({ token }) => (attempt.signedIn ? { sid: attempt.signedIn.token } : token),
      // We choose the next page ourselves; next-auth would add a host.
      redirect: () => '/',
    },
    logger: { error: (code) => log().warn({ fault: code }, 'sign-in'), warn: () => {}, debug: () => {} },
  }
}

export async function signInFromForm(
  request: NextRequest,
): Promise<{ readonly cookies: readonly string[] } | { readonly fault: SignInFault }> {
  const attempt: Attempt = { fault: { code: 'expired' } }
  const device = request.cookies.get(cookieName(DEVICE_COOKIE))?.value
  const browser = browserOf(request.headers.get('user-agent') ?? '')
  const route = { params: Promise.resolve({ nextauth: ['callback', 'credentials'] }) }
  // A secret id: the hashes of audit entries are public, and a client that knew the id could guess the content of its sign-in's
  // entry.
  const answer: Response = await withRequestId(crypto.randomUUID(), () =>
    NextAuth(request, route as never, options(attempt, device, browser)),
  )
  const session = answer.headers
    .getSetCookie()
    .filter((line) => line.startsWith(`${cookieName(STAFF_SESSION)}=`))
  if (!attempt.signedIn || session.length === 0) return { fault: attempt.fault }
  const { secure } = cookieOptions()
  const kept = `${cookieName(DEVICE_COOKIE)}=${attempt.signedIn.device}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax`
  return { cookies: [...session, secure ? `${kept}; Secure` : kept] }
}

/** Makes this browser known for an account, as a sign-in does. */
export async function keepDevice(cookie: string): Promise<void> {
  ;(await cookies()).set(cookieName(DEVICE_COOKIE), cookie, { ...cookieOptions(), maxAge: 31_536_000 })
}

/** Returns the id inside the session cookie, or null if the cookie is not ours. */
async function sessionToken(): Promise<string | null> {
  const token = (await cookies()).get(cookieName(STAFF_SESSION))?.value
  if (!token) return null
  const claims = await decode({ token, secret: env().NEXTAUTH_SECRET }).catch(() => null)
  return typeof claims?.sid === 'string' ? claims.sid : null
}

/**
 * Returns the current account of the session, read once a request. Only for the registration of a passkey: while one is due
 * (`enrols`), the person may do nothing else.
 */
export const enrollingStaff = cache(async (): Promise<SignedInStaff | null> => {
  const token = await sessionToken()
  return token === null ? null : readSession(token, new Date())
})

export const currentStaff = cache(async (): Promise<SignedInStaff | null> => {
  const staff = await enrollingStaff()
  return staff?.enrols ? null : staff
})

/** Returns the signed-in person for a page's background requests; does not extend the session. */
export async function watchingStaff(): Promise<SignedInStaff | null> {
  const token = await sessionToken()
  return token === null ? null : readStaffSession(token, new Date(), true)
}

export const codeNeed = (staff: SignedInStaff, kind: StepUpKind, now: Instant): StepUpNeed =>
  stepUpNeed(staff, kind, getStepUpMinutes(), now)

/** Tells whether a form of this page must ask for a code, or until when none is needed. */
export async function codePeriod(
  kind: StepUpKind,
): Promise<{ readonly asks: boolean; readonly until: Instant | null }> {
  const [staff, now] = [await enrollingStaff(), new Date()]
  if (!staff) return { asks: false, until: null }
  const asks = codeNeed(staff, kind, now) !== 'none'
  return { asks, until: asks ? null : openUntil(staff, kind, getStepUpMinutes()) }
}

export const asksForCode = async (kind: StepUpKind): Promise<boolean> => (await codePeriod(kind)).asks

/**
 * Returns the signed-in person with `permission`. Otherwise the page ends: with the sign-in page, which leads back, or as not
 * found for a person whose role has no access.
 */
export async function requireStaff(permission?: Permission): Promise<SignedInStaff> {
  const [staff, locale] = await Promise.all([currentStaff(), getLocale()])
  if (!staff) return signInFirst()
  if (permission && !may(staff.role, permission)) notFoundPage(locale)
  return staff
}

/** Runs all reads of a police page in its scope, so that a connection declares the scope only once. */
export function withinReach<T>(staff: SignedInStaff, read: () => Promise<T>): Promise<T> {
  const scope = staffScope(staff)
  return scope === null ? read() : inScope(scope, read)
}

/** Redirects to the sign-in form, or to a passkey registration that is due. Both lead back to this page. */
export async function signInFirst(error?: 'not_saved'): Promise<never> {
  const [sent, locale, staff] = await Promise.all([headers(), getLocale(), enrollingStaff()])
  const callbackUrl = `${sent.get('x-path') ?? ''}${sent.get('x-search') ?? ''}`
  if (staff?.enrols) redirect(pathFor(locale, { pathname: '/sign-in/passkey', query: { callbackUrl } }))
  redirect(pathFor(locale, { pathname: '/sign-in', query: { callbackUrl, error } }))
}

export async function endSession(): Promise<void> {
  const token = await sessionToken()
  if (token) await signOut(token, new Date())
  ;(await cookies()).delete({ name: cookieName(STAFF_SESSION), ...cookieOptions() })
}

/** Returns this session's secret, which seals values for addresses; null without a session. */
export const sessionSecret = sessionToken
