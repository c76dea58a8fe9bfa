import { HOUR } from '#lib/time.ts'

/** The facts known of a phone when its certificate was made, and no more. Times are ISO 8601. */
export interface Statement {
  readonly type: 'an-tam/certificate/1'
  readonly device: string
  readonly colour: string
  /** Last four digits of each IMEI. */
  readonly ends: readonly string[]
  /** When the public check showed no report of the phone. */
  readonly at: string
  readonly until: string
  /** Since when its seller has registered it. */
  readonly since: string
  readonly confirmed: { readonly carrier: string; readonly at: string } | null
}

export const CERTIFICATE_LIFE = 24 * HOUR

/** A registration younger than this says little, and the certificate warns of it. */
export const SHORT_TIME = 30 * 24 * HOUR

const text = (value: unknown): value is string => typeof value === 'string'

/** Parses a signed statement; null if it is not one of ours. */
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

/** Returns the code in a typed text or a scanned address. */
export const codeIn = (typed: string): string =>
  typed
    .replace(/#.*$/s, '')
    .replace(/\/+\s*$/, '')
    .replace(/^.*\//s, '')

/** Returns the signed statement after the `#` of a scanned address, or null. */
export const tokenIn = (scanned: string): string | null =>
  /(?:#|^)([\w-]+\.[\w-]+\.[\w-]+)\s*$/.exec(scanned)?.[1] ?? null

export type OfflineVerdict =
  | { readonly kind: 'unsigned' }
  | { readonly kind: 'over' | 'right'; readonly statement: Statement }

/**
 * Checks the signature of a statement (JWS, RFC 7515) with the site's public keys, and whether it has expired. It needs no
 * network, so it cannot know of later reports.
 *
 * @param verify returns whether one of the keys made the signature
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
