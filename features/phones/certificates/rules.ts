import { HOUR } from '#lib/time.ts'

/** Holds what was known of a phone when its certificate was made, and no more. Times are ISO 8601. */
export interface Statement {
  readonly type: 'an-tam/certificate/1'
  readonly device: string
  readonly colour: string
  /** The last four digits of each number. */
  readonly ends: readonly string[]
  /** At this minute nobody's report of the phone stood in public. */
  readonly at: string
  readonly until: string
  /** Since when its seller has registered it. */
  readonly since: string
  readonly confirmed: { readonly carrier: string; readonly at: string } | null
}

/** How long a certificate is shown. */
export const CERTIFICATE_LIFE = 24 * HOUR

/** A phone that was registered this lately says little: a certificate warns of it. */
export const SHORT_TIME = 30 * 24 * HOUR

const text = (value: unknown): value is string => typeof value === 'string'

/** Reads what a signed statement says; null where it is none of ours. */
export function readStatement(json: string): Statement | null {
  try {
    const said = JSON.parse(json) as Statement
    const right =
      said.type === 'an-tam/certificate/1' &&
      [said.device, said.colour, said.at, said.until, said.since].every(text) &&
      Array.isArray(said.ends) &&
      said.ends.every(text)
    return right ? said : null
  } catch {
    return null
  }
}

/** Returns the code in what was typed, or scanned as an address. */
export const codeIn = (typed: string): string =>
  typed
    .replace(/#.*$/s, '')
    .replace(/\/+\s*$/, '')
    .replace(/^.*\//s, '')

/** Returns the signed statement in the address that a code leads to: what follows its `#`. */
export const tokenIn = (scanned: string): string | null =>
  /(?:#|^)([\w-]+\.[\w-]+\.[\w-]+)\s*$/.exec(scanned)?.[1] ?? null

/** The result of checking a signed statement without any network. */
export type OfflineVerdict =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'over' | 'right'; readonly statement: Statement }

/**
 * Checks a signed statement (JWS, RFC 7515) with the public keys of this site, and whether its day is over. It needs no
 * network, and so can't know what was reported since.
 *
 * @param verify tells whether one of the keys made the signature
 */
export async function checkToken(
  token: string,
  now: Date,
  verify: (message: Uint8Array<ArrayBuffer>, signature: Uint8Array<ArrayBuffer>) => Promise<boolean>,
): Promise<OfflineVerdict> {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const message = new TextEncoder().encode(`${header}.${payload}`)
  try {
    if (!(await verify(message, bytesOf(signature)))) return { kind: 'unsigned' }
    const statement = readStatement(new TextDecoder().decode(bytesOf(payload)))
    if (statement === null) return { kind: 'unsigned' }
    return { kind: new Date(statement.until) <= now ? 'over' : 'right', statement }
  } catch {
    return { kind: 'unsigned' }
  }
}

function bytesOf(base64url: string): Uint8Array<ArrayBuffer> {
  const binary = atob(base64url.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(binary, (character) => character.charCodeAt(0))
}
