import '#server-only'
import {
  generateAuthenticationOptions,
  generateRegistrationOptions,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { z } from 'zod'
import { passkeyHost } from '#features/accounts/passkeys/rules.ts'
import { env } from './env.ts'
import { log } from './log.ts'

// All use of the WebAuthn library is in this file (ADR 90). It does not access the database: callers store the challenges.

/** Returns the relying party for PUBLIC_URL; null if browsers do not support passkeys for that address. */
const relyingParty = () => passkeyHost(env().PUBLIC_URL ?? `http://localhost:${env().PORT}`)

export const arePasskeysPossible = (): boolean => relyingParty() !== null

function partyOrThrow() {
  const party = relyingParty()
  if (party === null) throw new Error('passkeys need a PUBLIC_URL that is https with a host name')
  return party
}

/** Milliseconds that the browser gives the person. */
const TIMEOUT = 120_000

/** Ed25519, ES256 and RS256 (COSE): every device supports one of these. */
const ALGORITHMS = [-8, -7, -257]

const base64url = z
  .string()
  .regex(/^[\w-]*$/)
  .max(8192)
const extensions = z.object({}).catch({})
/** A browser's answers in JSON, as from `navigator.credentials`; the library checks each byte. */
const REGISTERED = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(20)).max(10).catch([]),
  }),
  clientExtensionResults: extensions,
})
const SIGNED = z.object({
  id: base64url,
  rawId: base64url,
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: base64url.nullish().transform((handle) => handle ?? undefined),
  }),
  clientExtensionResults: extensions,
})
const CLIENT_DATA = z.object({ challenge: z.string().min(16).max(256) })

type Bytes = Uint8Array<ArrayBuffer>
const bytesOf = (text: string): Bytes => Uint8Array.from(Buffer.from(text, 'base64url'))
const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url')

/**
 * Returns the challenge that an answer claims to have signed; the caller checks whether it was issued. Null for an invalid
 * answer.
 */
export function challengeOf(answer: unknown): string | null {
  const parsed = z.object({ response: z.object({ clientDataJSON: base64url }) }).safeParse(answer)
  if (!parsed.success) return null
  try {
    const text = Buffer.from(parsed.data.response.clientDataJSON, 'base64url').toString()
    return CLIENT_DATA.parse(JSON.parse(text)).challenge
  } catch {
    return null
  }
}

/** Returns the credential's id and its owner as claimed by an answer; null for an invalid one. */
export function signerOf(
  answer: unknown,
): { readonly credentialId: Bytes; readonly userHandle: Bytes | null } | null {
  const parsed = SIGNED.safeParse(answer)
  if (!parsed.success) return null
  const { userHandle } = parsed.data.response
  return { credentialId: bytesOf(parsed.data.id), userHandle: userHandle ? bytesOf(userHandle) : null }
}

interface Known {
  readonly credentialId: Uint8Array
  readonly transports: readonly string[]
}

const listed = (known: readonly Known[]) =>
  known.map(({ credentialId, transports }) => ({
    id: textOf(credentialId),
    transports: [...transports] as 'internal'[],
  }))

/** Returns the browser's options for a new passkey: discoverable by its device, and behind a PIN or a fingerprint. */
export async function askForPasskey(
  account: { readonly handle: Bytes; readonly email: string; readonly name: string },
  known: readonly Known[],
) {
  return generateRegistrationOptions({
    rpName: 'An Tâm',
    rpID: partyOrThrow().id,
    userName: account.email,
    userDisplayName: account.name,
    userID: account.handle,
    timeout: TIMEOUT,
    attestationType: 'none',
    supportedAlgorithmIDs: ALGORITHMS,
    excludeCredentials: listed(known),
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  })
}

/** Returns the browser's options for signing: with one of `known`, or with any of its passkeys for this site. */
export async function askToSign(known: readonly Known[] = []) {
  return generateAuthenticationOptions({
    rpID: partyOrThrow().id,
    timeout: TIMEOUT,
    userVerification: 'required',
    allowCredentials: listed(known),
  })
}

/** Returns the new passkey from the answer to {@link askForPasskey}; null if any part is invalid. */
export async function verifiedPasskey(answer: unknown, challenge: string) {
  const party = relyingParty()
  const parsed = REGISTERED.safeParse(answer)
  if (party === null || !parsed.success) return null
  try {
    const { verified, registrationInfo } = await verifyRegistrationResponse({
      response: parsed.data as never,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    })
    if (!verified) return null
    const { credential, credentialDeviceType, credentialBackedUp } = registrationInfo
    return {
      credentialId: bytesOf(credential.id),
      publicKey: Uint8Array.from(credential.publicKey),
      counter: BigInt(credential.counter),
      transports: parsed.data.response.transports,
      syncable: credentialDeviceType === 'multiDevice',
      backedUp: credentialBackedUp,
    }
  } catch (err) {
    log().info({ reason: reasonOf(err) }, 'a passkey was not registered')
    return null
  }
}

/** Returns the device's new counter if this passkey signed the answer for this site, with user verification; otherwise null. */
export async function verifiedSignature(
  answer: unknown,
  challenge: string,
  passkey: Known & { readonly publicKey: Uint8Array; readonly counter: bigint },
) {
  const party = relyingParty()
  const parsed = SIGNED.safeParse(answer)
  if (party === null || !parsed.success) return null
  try {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: parsed.data as never,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      credential: {
        id: textOf(passkey.credentialId),
        publicKey: Uint8Array.from(passkey.publicKey),
        counter: Number(passkey.counter),
      },
    })
    if (!verified) return null
    return { counter: BigInt(authenticationInfo.newCounter), backedUp: authenticationInfo.credentialBackedUp }
  } catch (err) {
    log().info({ reason: reasonOf(err) }, 'a passkey was not accepted')
    return null
  }
}

/** Returns the library's message without the quoted parts of the answer. */
const reasonOf = (err: unknown): string =>
  err instanceof Error ? err.message.replaceAll(/"[^"]*"/g, '"…"').slice(0, 120) : 'unknown'
