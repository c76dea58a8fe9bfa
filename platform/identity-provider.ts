import '#server-only'
import { setTimeout as sleep } from 'node:timers/promises'
import * as openid from 'openid-client'
import { err, ok, type Result } from '#lib/result.ts'
import { HOUR } from '#lib/time.ts'
import { env } from './env.ts'
import { log } from './log.ts'

// The one module that speaks OpenID Connect: the authorization code flow with PKCE, state and nonce, as a client that
// has a secret (RFC 9700). It returns the claims of a person only after every check has passed.

/** The provider as the environment names it. */
export interface Provider {
  readonly issuer: string
  /** The name that people know it by. */
  readonly name: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scope: string
  /** The address to which the provider sends people back after they signed in. */
  readonly callback: string
  /** The address to which it sends them back after they signed out there. */
  readonly afterSignOut: string
  /** The names that these claims have at the provider. */
  readonly claims: { readonly fullName: string | undefined; readonly nationalId: string | undefined }
}

/** Returns the provider that citizens may sign in with, or null where there is none. */
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

/** The values by which one sign-in is known; the browser that began it keeps them. */
export interface SignInAttempt {
  readonly state: string
  readonly nonce: string
  readonly verifier: string
}

/** `cancelled`: by the person, or for them. `refused`: what came back is not what a provider may send. */
type ProviderFault = 'cancelled' | 'refused' | 'unavailable'

const TIMEOUT_SECONDS = 8
/** Seconds that the provider's clock may differ from ours. */
const CLOCK_TOLERANCE_SECONDS = 10
/**
 * How long the provider's metadata is kept, in milliseconds. Its signing keys are fetched sooner when it signs with a
 * new one.
 */
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
  // One that failed is asked again by the next person.
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
        // Checks the signature of the ID token although the standard does not require it over TLS. This refuses `none`,
        // and algorithms whose secret two sides share.
        openid.enableNonRepudiationChecks,
        ...(issuer.startsWith('http:') ? [openid.allowInsecureRequests] : []),
      ],
    },
  )

/**
 * Chooses how the client's secret is sent: in a header where the provider takes that, which is the standard's default,
 * or in the body.
 */
function authentication(secret: string): openid.ClientAuth {
  const [basic, post] = [openid.ClientSecretBasic(secret), openid.ClientSecretPost(secret)]
  return (server, ...rest) => {
    const taken = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
    return (taken.includes('client_secret_basic') ? basic : post)(server, ...rest)
  }
}

/** Returns the address where a person goes to sign in, and the values against which the answer will be held. */
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
      // On a borrowed phone the last person may still be signed in there.
      prompt: 'login',
    })
    return ok({ address: address.href, attempt })
  } catch (error) {
    return err(faultOf(error))
  }
}

/**
 * Identifies the person who came back with `answer`, the query of the callback, to an attempt that this browser began.
 */
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
    // A subject has 255 letters at most (OpenID Connect Core, 2).
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

/**
 * Milliseconds to wait for the provider's address to sign out: the link is optional, so nobody should wait long for it.
 */
const SIGN_OUT_MILLISECONDS = 2_000

/**
 * Returns the address where a person ends the provider's own session (OpenID Connect RP-Initiated Logout 1.0); null
 * where it has no such endpoint or does not answer. The request names the client and no person: the ID token, which the
 * standard offers as a hint, is not stored and would put the person into an address. So the provider asks them.
 *
 * @param state comes back with them, and can be read by anybody
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
 * Returns why a person could not be signed in, and logs it unless they cancelled. Nothing of what was sent is
 * logged: it may name the person.
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

/** Tells whether there was no answer at all, or that of a server in trouble (5xx). */
function isUnreachable(error: unknown): boolean {
  if (error instanceof TypeError && error.message === 'fetch failed') return true
  if (!(error instanceof Error)) return false
  return (error.cause instanceof Response && error.cause.status >= 500) || isUnreachable(error.cause)
}
