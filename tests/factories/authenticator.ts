import { createHash, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import { isoCBOR } from '@simplewebauthn/server/helpers'

const sha256 = (bytes: Uint8Array | string) => createHash('sha256').update(bytes).digest()

/** The page that asks, as the browser reports it. A phishing page has another origin. */
export interface AskingPage {
  readonly origin: string
  readonly rpId: string
}

/** The bits of an authenticator's flags (WebAuthn, 6.1). */
export const FLAGS = {
  present: 0x01,
  verified: 0x04,
  syncable: 0x08,
  backedUp: 0x10,
  attested: 0x40,
} as const

/** A device with one passkey (ES256). It returns what a browser would send, as JSON. */
export class Authenticator {
  readonly credentialId = randomBytes(32)
  counter = 0
  flags: number = FLAGS.present | FLAGS.verified
  userHandle: string | null = null
  readonly #page: AskingPage
  readonly #key: KeyObject
  readonly #cose: Uint8Array

  constructor(page: AskingPage) {
    this.#page = page
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.#key = privateKey
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    // A COSE key: EC2, ES256, P-256 (RFC 9053, 7.1).
    this.#cose = isoCBOR.encode(
      new Map<number, number | Uint8Array>([
        [1, 2],
        [3, -7],
        [-1, 1],
        [-2, Uint8Array.from(Buffer.from(x, 'base64url'))],
        [-3, Uint8Array.from(Buffer.from(y, 'base64url'))],
      ]),
    )
  }

  make(asked: { readonly challenge: string; readonly user: { readonly id: string } }) {
    this.userHandle = asked.user.id
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.credentialId.length)
    const authData = Buffer.concat([
      this.#header(this.flags | FLAGS.attested),
      Buffer.alloc(16),
      length,
      this.credentialId,
      this.#cose,
    ])
    const attestation = isoCBOR.encode(
      new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', Uint8Array.from(authData)],
      ]) as never,
    )
    return this.#answer({
      clientDataJSON: this.#clientData('webauthn.create', asked.challenge),
      attestationObject: Buffer.from(attestation).toString('base64url'),
      transports: ['internal'],
    })
  }

  /** Signs a page's challenge. A different `page` simulates a request from another origin. */
  sign(asked: { readonly challenge: string }, page: AskingPage = this.#page) {
    this.counter++
    const authData = this.#header(this.flags, page)
    const clientDataJSON = this.#clientData('webauthn.get', asked.challenge, page)
    const hash = sha256(Buffer.from(clientDataJSON, 'base64url'))
    return this.#answer({
      clientDataJSON,
      authenticatorData: authData.toString('base64url'),
      signature: sign('sha256', Buffer.concat([authData, hash]), this.#key).toString('base64url'),
      userHandle: this.userHandle,
    })
  }

  #answer<R>(response: R) {
    const id = this.credentialId.toString('base64url')
    return { id, rawId: id, type: 'public-key', clientExtensionResults: {}, response }
  }

  #header(flags: number, page = this.#page): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    return Buffer.concat([sha256(page.rpId), Buffer.from([flags]), counter])
  }

  #clientData(type: string, challenge: string, { origin }: AskingPage = this.#page): string {
    return Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false })).toString('base64url')
  }
}
