import type { Instant } from '#lib/time.ts'
import type { PushFault, WebhookState } from '../push/rules.ts'

export type { WebhookState } from '../push/rules.ts'

/** One attempt to push a message, as the carrier's page shows it. */
export interface ShownTry {
  readonly id: string
  /** The lines `(after, upTo]`; a test message has none. */
  readonly after: number
  readonly upTo: number
  readonly at: Instant
  /** Null where it came through. */
  readonly fault: PushFault | null
  /** The answer's, where there was one. */
  readonly status: number | null
  readonly tookMs: number
}

export interface SecretShown {
  readonly id: string
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
}

/** The address that lines are pushed to, or were. */
export interface Webhook {
  readonly url: string
  readonly state: WebhookState
  /** Tries in a row that failed, since when, and when the next is due. */
  readonly failures: number
  readonly failingSince: Instant | null
  readonly nextTryAt: Instant | null
  readonly lastSuccessAt: Instant | null
  /** The live ones first, then the newest; without the secrets themselves. */
  readonly secrets: readonly SecretShown[]
  /** The last ones, the newest first. */
  readonly tries: readonly ShownTry[]
}

/** The number of secrets that sign at once: the one before and the one after, while a carrier changes over. */
export const LIVE_SECRETS = 2

const LONGEST_URL = 2048
const PORTS: readonly string[] = ['', '443', '8443']

export type UrlFault =
  | 'url_missing'
  | 'url_too_long'
  | 'url_invalid'
  | 'url_scheme'
  | 'url_credentials'
  | 'url_fragment'
  | 'url_port'
  | 'url_host'

/**
 * Returns what is wrong with an address to push to, or null. It has to be public HTTPS with a host name; the addresses
 * of the name are checked when connecting. `allowed` are origins (`http://127.0.0.1:4011`) that are excepted, for tests
 * and trials.
 */
export function urlFault(text: string, allowed: readonly string[]): UrlFault | null {
  if (text === '') return 'url_missing'
  if (text.length > LONGEST_URL) return 'url_too_long'
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) return 'url_invalid'
  if (url.username !== '' || url.password !== '') return 'url_credentials'
  if (text.includes('#')) return 'url_fragment'
  if (allowed.includes(url.origin)) return null
  if (url.protocol !== 'https:') return 'url_scheme'
  if (!PORTS.includes(url.port)) return 'url_port'
  return isPublicName(url.hostname) ? null : 'url_host'
}

/** Suffixes that lead nowhere, or into a private network (RFC 6761, 6762, 8375, 9476; ICANN's `internal`). */
const PRIVATE_NAMES = /\.(localhost|local|internal|test|invalid|example|onion|alt|home\.arpa|lan)$/

/**
 * Tells whether a host is a public name: several labels, of which the last is not numeric. URLs write every form of an
 * IPv4 address with digits.
 */
function isPublicName(host: string): boolean {
  const labels = host.split('.')
  const wellFormed = labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label))
  return wellFormed && labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? '') && !PRIVATE_NAMES.test(host)
}

/** The state of pushing to a carrier, in one word. */
export type PushStanding = 'live' | 'failing' | 'no_secret' | 'paused' | 'gone' | 'given_up'
