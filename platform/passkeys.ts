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

// Everything of the WebAuthn library is in this file (ADR 90). It knows no database: challenges are its callers'.

/** Returns whom passkeys are made for, by PUBLIC_URL; null where browsers make none for it. */
const relyingParty = () => passkeyHost(env().PUBLIC_URL ?? `http://localhost:${env().PORT}`)

/** Tells whether passkeys can be used at this address. */
export const arePasskeysPossible = (): boolean => relyingParty() !== null

function partyOrThrow() {
  const party = relyingParty()
  if (party === null) throw new Error('passkeys need a PUBLIC_URL that is https with a host name')
  return party
}

/** Milliseconds that the browser gives the person. */
const TIMEOUT = 120_000

/** Ed25519, ES256 and RS256 (COSE): what every device has. */
const ALGORITHMS = [-8, -7, -257]

const base64url = z
  .string()
  .regex(/^[\w-]*$/)
  .max(8192)
const extensions = z.object({}).catch({})
/** The answers of a browser, as `navigator.credentials` gives them in JSON; the library looks at each byte. */
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

/** Returns the challenge that an answer says it signed; the caller knows whether it asked for that. Null for no answer. */
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

/** Returns the id of the credential that an answer says it is of, and whose the device says it is; null for no answer. */
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

/** Returns what a browser is asked for a new passkey: one that its device finds by itself, behind a PIN or a finger. */
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

/** Returns what a browser is asked to sign: with one of `known`, or with any passkey of this site that it has. */
export async function askToSign(known: readonly Known[] = []) {
  return generateAuthenticationOptions({
    rpID: partyOrThrow().id,
    timeout: TIMEOUT,
    userVerification: 'required',
    allowCredentials: listed(known),
  })
}

/** Returns the new passkey in an answer to {@link askForPasskey}; null where it is not right in every part. */
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

/** A stored passkey, as what is signed with it is checked. */
interface StoredPasskey extends Known {
  readonly publicKey: Uint8Array
  readonly counter: bigint
}

/** Returns the device's new count where an answer is signed by this passkey, here, with its owner seen; null otherwise. */
export async function verifiedSignature(answer: unknown, challenge: string, passkey: StoredPasskey) {
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

/** Returns the library's message without what it quotes of the answer. */
const reasonOf = (err: unknown): string =>
  err instanceof Error ? err.message.replaceAll(/"[^"]*"/g, '"…"').slice(0, 120) : 'unknown'
