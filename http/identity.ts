import '#server-only'
import { cookies } from 'next/headers'
import { cache } from 'react'
import { signInCitizen, signOutCitizen, signOutEverywhere } from '#features/citizens/acts.ts'
import { findCitizen, keepSession, type SignedInCitizen } from '#features/citizens/data.ts'
import { ATTEMPT_LIFE, type CitizenSignInFault, knownPerson } from '#features/citizens/rules.ts'
import { safeRedirectPath } from '#lib/access/safe-redirect.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { addMilliseconds, type Instant } from '#lib/time.ts'
import type { Locale } from '#messages/routing.ts'
import { sealFor, unsealFor } from '#platform/crypto.ts'
import {
  beginAttempt,
  identifySubject,
  type Provider,
  provider,
  type SignInAttempt,
  signOutAddress,
} from '#platform/identity-provider.ts'
import { withinLimit } from '#platform/rate-limits/commands.ts'
import { clientAddress } from './address.ts'
import { cookieName, cookieOptions } from './cookies.ts'

/** The session of a signed-in citizen (ADR 31): a random token that ends with the browser. */
const SESSION = 'antam-citizen'
/** A sign-in in progress: the sealed values to check the provider's answer with, so that any server can finish it. */
const ATTEMPT = 'antam-identify'
const SEALED_AS = 'citizen-sign-in'

export const signInName = (): string | null => provider()?.name ?? null

const token = async (): Promise<string | undefined> => (await cookies()).get(cookieName(SESSION))?.value

/** Returns the signed-in citizen, read once a request. Each use extends the session. */
export const currentCitizen = cache(async (): Promise<SignedInCitizen | null> => {
  const sent = provider() && (await token())
  if (!sent) return null
  const now = new Date()
  const citizen = await findCitizen(sent, now)
  if (citizen) await keepSession(sent, citizen, now)
  return citizen
})

/** Returns the provider's name and whether the citizen is signed in. Null if citizens cannot sign in here. */
export async function currentReader(): Promise<{ readonly name: string; readonly signedIn: boolean } | null> {
  const name = signInName()
  return name === null ? null : { name, signedIn: (await currentCitizen()) !== null }
}

interface Underway extends SignInAttempt {
  /** The page to open after the sign-in. */
  readonly to: string
  readonly until: number
}

/**
 * Begins a sign-in and returns the provider's address; null if citizens cannot sign in. The browser keeps the values to check
 * the answer with.
 */
export async function beginSignIn(
  to: string,
  now: Instant,
): Promise<Result<string, CitizenSignInFault> | null> {
  const asked = provider()
  if (!asked) return null
  const begun = await beginAttempt(asked)
  if (!begun.ok) return begun
  const { address, attempt } = begun.value
  const until = addMilliseconds(now, ATTEMPT_LIFE).getTime()
  const underway: Underway = { ...attempt, to, until }
  const sealed = sealFor(SEALED_AS, Buffer.from(JSON.stringify(underway)))
  ;(await cookies()).set(cookieName(ATTEMPT), Buffer.from(sealed).toString('base64url'), {
    ...cookieOptions(),
    maxAge: ATTEMPT_LIFE / 1000,
  })
  return ok(address)
}

/** Returns and ends the sign-in that this browser began; null if there is none or it has expired. */
async function takeUnderway(now: Instant): Promise<Underway | null> {
  const jar = await cookies()
  const sealed = jar.get(cookieName(ATTEMPT))?.value
  if (!sealed) return null
  jar.delete({ name: cookieName(ATTEMPT), ...cookieOptions() })
  try {
    const opened = unsealFor(SEALED_AS, Buffer.from(sealed, 'base64url')).toString()
    const underway = JSON.parse(opened) as Underway
    return underway.until > now.getTime() ? underway : null
  } catch {
    return null
  }
}

/** Signs in the citizen who comes back from the provider. Null if citizens cannot sign in here. */
export async function finishSignIn(request: Request, now: Instant) {
  const asked = provider()
  if (!asked) return null
  const underway = await takeUnderway(now)
  if (!underway) return { to: null, fault: 'expired' }
  const to = safeRedirectPath(underway.to)
  const signedIn = await signInWith(asked, underway, request, now)
  if (!signedIn.ok) return { to, fault: signedIn.error }
  ;(await cookies()).set(cookieName(SESSION), signedIn.value, cookieOptions())
  return { to, fault: null }
}

async function signInWith(
  asked: Provider,
  underway: Underway,
  request: Request,
  now: Instant,
): Promise<Result<string, CitizenSignInFault>> {
  const { allowed } = await withinLimit('identify_address', clientAddress(request.headers), now)
  if (!allowed) return err('too_many')
  const identified = await identifySubject(asked, new URL(request.url).searchParams, underway)
  if (!identified.ok) return identified
  const { subject, claims } = identified.value
  const signedIn = await signInCitizen(
    {
      issuer: asked.issuer,
      subject,
      attempt: underway.state,
      known: knownPerson(claims, asked.claims, now),
      before: await token(),
    },
    now,
  )
  return signedIn.ok ? signedIn : err('expired')
}

/** Returns the address to end the provider's own session, with a return to a page in `locale`; null if the provider has none. */
export async function providerSignOut(locale: Locale): Promise<string | null> {
  const asked = provider()
  return asked && signOutAddress(asked, locale)
}

/** Ends this browser's session, or all sessions of the same person. Copied cookies become worthless. */
export async function endCitizenSession(now: Instant, everywhere = false): Promise<void> {
  const sent = await token()
  if (!sent) return
  const citizen = everywhere ? await findCitizen(sent, now) : null
  if (citizen) await signOutEverywhere(citizen.scope, now)
  else await signOutCitizen(sent, now)
  ;(await cookies()).delete({ name: cookieName(SESSION), ...cookieOptions() })
}
