import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import * as openid from 'openid-client'
import { err, ok, type Result } from '#lib/result.ts'
import { HOUR } from '#lib/time.ts'
import { env } from './env.ts'
import { log } from './log.ts'

// Only this module uses OpenID Connect: the authorization code flow with PKCE, state and nonce, as a confidential client
// (RFC 9700). It returns a person's claims only after every check has passed.

export interface Provider {
  readonly issuer: string
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
  /** The return address after the sign-in. */
  readonly callback: string
  /** The return address after the sign-out at the provider. */
  readonly afterSignOut: string
  /** The provider's names of these claims. */
  readonly claims: { readonly fullName: string | undefined; readonly nationalId: string | undefined }
}

export function provider(): Provider | null {
  const { OIDC_ISSUER, OIDC_NAME, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, PUBLIC_URL } = env()
  if (!OIDC_ISSUER || !OIDC_NAME || !OIDC_CLIENT_ID || !OIDC_CLIENT_SECRET || !PUBLIC_URL) return null
  return {
    issuer: OIDC_ISSUER,
    name: OIDC_NAME,
    clientId: OIDC_CLIENT_ID,
    clientSecret: OIDC_CLIENT_SECRET,
    scope: env().OIDC_SCOPE,
    callback: new URL('/api/citizen/callback', PUBLIC_URL).href,
    afterSignOut: new URL('/api/citizen/signed-out', PUBLIC_URL).href,
    claims: { fullName: env().OIDC_CLAIM_NAME, nationalId: env().OIDC_CLAIM_NATIONAL_ID },
  }
}

/** The values that identify one sign-in; the browser that began it keeps them. */
export interface SignInAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** `cancelled`: by the person, or for them. `refused`: the answer is not valid. */
type ProviderFault = 'cancelled' | 'refused' | 'unavailable'

const TIMEOUT_SECONDS = 8
/** Allowed clock difference to the provider, in seconds. */
const CLOCK_TOLERANCE_SECONDS = 10
/** Milliseconds that the provider's metadata is cached. New signing keys are fetched sooner, when the provider uses one. */
const METADATA_KEPT_MS = HOUR

const discovered = new Map<
  string,
  {
    readonly at: number
    readonly configuration: Promise<openid.Configuration>
  }
>()

function configurationOf(provider: Provider): Promise<openid.Configuration> {
  const known = discovered.get(provider.issuer)
  if (known && Date.now() - known.at < METADATA_KEPT_MS) return known.configuration
  const configuration = discover(provider)
  discovered.set(provider.issuer, { at: Date.now(), configuration })
  // After a failure, the next person's request tries again.
  configuration.catch(() => discovered.delete(provider.issuer))
  return configuration
}

const discover = ({ issuer, clientId, clientSecret }: Provider): Promise<openid.Configuration> =>
  openid.discovery(
    new URL(issuer),
    clientId,
    { [openid.clockTolerance]: CLOCK_TOLERANCE_SECONDS },
    authentication(clientSecret),
    {
      timeout: TIMEOUT_SECONDS,
      execute: [
        // Checks the signature of the ID token although the standard does not require it over TLS. This refuses `none`, and
        // algorithms with a shared secret.
        openid.enableNonRepudiationChecks,
        ...(issuer.startsWith('http:') ? [openid.allowInsecureRequests] : []),
      ],
    },
  )

/**
 * Chooses how to send the client's secret: in a header if the provider accepts that, which is the standard's default, otherwise
 * in the body.
 */
function authentication(secret: string): openid.ClientAuth {
  const [basic, post] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (taken.includes('client_secret_basic') ? basic : post)(server, ...rest)
  }
}

/** Returns the provider's sign-in address, and the values to check the answer with. */
export async function beginAttempt(
  provider: Provider,
): Promise<Result<{ readonly address: string; readonly attempt: SignInAttempt }, ProviderFault>> {
  const attempt = {
    state: openid.randomState(),
    nonce: openid.randomNonce(),
    verifier: openid.randomPKCECodeVerifier(),
  }
  try {
    const address = openid.buildAuthorizationUrl(await configurationOf(provider), {
      redirect_uri: provider.callback,
      scope: provider.scope,
      state: attempt.state,
      nonce: attempt.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(attempt.verifier),
      code_challenge_method: 'S256',
      // On a borrowed phone, the previous person may still be signed in at the provider.
      prompt: 'login',
    })
    return ok({ address: address.href, attempt })
  } catch (error) {
    return err(faultOf(error))
  }
}

/** Identifies the person who comes back with `answer`, the callback's query, in an attempt that this browser began. */
export async function identifySubject(
  provider: Provider,
  answer: URLSearchParams,
  attempt: SignInAttempt,
): Promise<
  Result<
    {
      readonly subject: string
      readonly claims: Readonly<Record<string, unknown>>
    },
    ProviderFault
  >
> {
  try {
    const configuration = await configurationOf(provider)
    const came = new URL(provider.callback)
    came.search = answer.toString()
    const tokens = await openid.authorizationCodeGrant(configuration, came, {
      pkceCodeVerifier: attempt.verifier,
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      idTokenExpected: true,
    })
    const identity = tokens.claims()
    // A subject has at most 255 characters (OpenID Connect Core, 2).
    if (!identity || identity.sub === '' || identity.sub.length > 255) return err('refused')
    const wanted = Object.values(provider.claims).filter((name) => name !== undefined)
    const missing = wanted.some((name) => !(name in identity))
    const asked = missing && configuration.serverMetadata().userinfo_endpoint !== undefined
    const more = asked ? await openid.fetchUserInfo(configuration, tokens.access_token, identity.sub) : {}
    return ok({ subject: identity.sub, claims: { ...more, ...identity } })
  } catch (error) {
    return err(faultOf(error))
  }
}

/** Milliseconds to wait for the provider's sign-out address. The link is optional, so nobody should wait long for it. */
const SIGN_OUT_MILLISECONDS = 2_000

/**
 * Returns the address for ending the provider's own session (OpenID Connect RP-Initiated Logout 1.0); null if it has no such
 * endpoint or does not answer. The request names the client and no person: the ID token, which the standard offers as a hint,
 * is not stored and would put the person into an address. So the provider asks them.
 *
 * @param state returned with the person, and visible to everybody
 */
export async function signOutAddress(provider: Provider, state: string): Promise<string | null> {
  try {
    const configuration = await Promise.race([
      configurationOf(provider),
      sleep(SIGN_OUT_MILLISECONDS, undefined, { ref: false }),
    ])
    if (configuration?.serverMetadata().end_session_endpoint === undefined) return null
    const back = { post_logout_redirect_uri: provider.afterSignOut, state }
    return openid.buildEndSessionUrl(configuration, back).href
  } catch (error) {
    log().warn({ fault: codeOf(error) }, 'the provider did not say where to sign out')
    return null
  }
}

const CANCELLED = ['access_denied', 'login_required', 'interaction_required', 'consent_required']

/**
 * Returns why a sign-in failed, and logs it unless the person cancelled. No part of the provider's answer is logged, because it
 * may name the person.
 */
function faultOf(error: unknown): ProviderFault {
  if (error instanceof openid.AuthorizationResponseError && CANCELLED.includes(error.error))
    return 'cancelled'
  const fault = codeOf(error)
  const unavailable = fault === 'OAUTH_TIMEOUT' || isUnreachable(error)
  log().warn({ fault, unavailable }, 'a citizen could not be signed in')
  return unavailable ? 'unavailable' : 'refused'
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown'

/** Tells whether there was no answer, or a server error (5xx). */
function isUnreachable(error: unknown): boolean {
  if (error instanceof TypeError && error.message === 'fetch failed') return true
  if (!(error instanceof Error)) return false
  return (error.cause instanceof Response && error.cause.status >= 500) || isUnreachable(error.cause)
}
