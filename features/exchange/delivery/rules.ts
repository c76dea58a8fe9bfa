export type { WebhookState } from '../push/rules.ts'

import type { Instant } from '#lib/time.ts'
import type { PushFault, WebhookState } from '../push/rules.ts'

/** A way by which the lines of a carrier's book reach it. */
interface Way {
  /** The job that delivers new lines; null if they wait in the book until they are fetched or printed. */
  readonly offer: 'push' | null
  /** The sender: the carrier fetches its lines, the product posts them, or the relay hands them over on paper. */
  readonly sentBy: 'carrier' | 'product' | 'relay'
  /** When an order counts as sent: once it is in the book, or once its letter is handed over. */
  readonly sentOnce: 'booked' | 'handed_over'
  /** How the carrier acknowledges and answers: by the interface with its keys, or on paper; then its keys open nothing. */
  readonly answers: 'interface' | 'paper'
  /** The state of pushing to the carrier's address. */
  readonly standing: (
    webhook: Pick<Webhook, 'state' | 'failures' | 'secrets'>,
  ) => WebhookState | 'failing' | 'no_secret' | 'paused'
  /** True if lines no longer reach the carrier and a person has to look. */
  readonly stopped: (webhook: Pick<Webhook, 'state'> | null) => boolean
  /** True if the way needs an address; if not, a known one stays. */
  readonly needsUrl: boolean
}

const WITHOUT_PUSH = {
  offer: null,
  standing: () => 'paused',
  stopped: () => false,
  needsUrl: false,
} as const satisfies Partial<Way>

/** All ways; their words are in `delivery.json`. */
export const WAYS = {
  /** The carrier reads its book through the interface. */
  pull: { ...WITHOUT_PUSH, sentBy: 'carrier', sentOnce: 'booked', answers: 'interface' },
  /** New lines are posted to the carrier's address, signed. */
  push: {
    offer: 'push',
    sentBy: 'product',
    sentOnce: 'booked',
    answers: 'interface',
    standing: ({ state, secrets, failures }) => {
      if (state !== 'live') return state
      if (secrets.every(({ revokedAt }) => revokedAt !== null)) return 'no_secret'
      return failures > 0 ? 'failing' : 'live'
    },
    stopped: (webhook) => webhook !== null && webhook.state !== 'live',
    needsUrl: true,
  },
  /** Lines come as letters; the relay enters the answers. */
  letter: { ...WITHOUT_PUSH, sentBy: 'relay', sentOnce: 'handed_over', answers: 'paper' },
} as const satisfies Record<string, Way>

export type DeliveryWay = keyof typeof WAYS
export const DELIVERY_WAYS = Object.keys(WAYS) as [DeliveryWay, ...DeliveryWay[]]
export const wayOf = (way: DeliveryWay): Way => WAYS[way]

export interface Delivery {
  readonly way: DeliveryWay
  /** Raised with each change, to detect concurrent edits. */
  readonly version: number
  /** Null if the carrier never had an address. */
  readonly webhook: Webhook | null
}

export interface WayStanding {
  /** Unacknowledged lines; how many of them are in letters; and letters not handed over yet. */
  readonly pending: number
  readonly lettered: number
  readonly notHanded: number
  readonly unanswered: number
  readonly keys: number
  /** The hour in which a live key was last used. */
  readonly keyUsedAt: Instant | null
}

/** Keys of `delivery.effect`, the gravest first. */
type WayEffect =
  | 'again_on_paper'
  | 'keys_rest'
  | 'results_stay'
  | 'again_by_interface'
  | 'letters_void'
  | 'go_on'

/** Returns what a change of way does to orders under way; empty if the way stays. */
export function effectsOf(from: DeliveryWay, to: DeliveryWay, standing: WayStanding): WayEffect[] {
  if (from === to) return []
  const paper = { from: wayOf(from).answers === 'paper', to: wayOf(to).answers === 'paper' }
  const { pending, lettered, notHanded, unanswered, keys } = standing
  const effects: [WayEffect, boolean][] = [
    ['keys_rest', paper.to && keys > 0],
    ['again_on_paper', paper.to && !paper.from && pending > 0],
    ['results_stay', paper.to && unanswered > 0],
    ['again_by_interface', paper.from && !paper.to && lettered > 0],
    ['letters_void', paper.from && !paper.to && notHanded > 0],
    ['go_on', !paper.to && pending > lettered],
  ]
  return effects.filter(([, holds]) => holds).map(([effect]) => effect)
}

export interface ShownTry {
  readonly id: string
  /** The lines `(after, upTo]`; a test message has none. */
  readonly after: number
  readonly upTo: number
  readonly at: Instant
  /** Null if it succeeded. */
  readonly fault: PushFault | null
  /** The HTTP status; null without an answer. */
  readonly status: number | null
  readonly tookMs: number
}

export interface SecretShown {
  readonly id: string
  readonly createdAt: Instant
  readonly revokedAt: Instant | null
}

export interface Webhook {
  readonly url: string
  readonly state: WebhookState
  /** Failed tries in a row, since when, and when the next is due. */
  readonly failures: number
  readonly failingSince: Instant | null
  readonly nextTryAt: Instant | null
  readonly lastSuccessAt: Instant | null
  /** Live secrets first, then the newest; without the secret values. */
  readonly secrets: readonly SecretShown[]
  /** The last tries, the newest first. */
  readonly tries: readonly ShownTry[]
}

/** Secrets that may sign at once: the old and the new one, while a carrier changes over. */
export const LIVE_SECRETS = 2

const LONGEST_URL = 2048
const PORTS: readonly string[] = ['', '443', '8443']

/**
 * Returns the fault of a push address, or null. It must be public HTTPS with a host name; the addresses behind the name are
 * checked when connecting. `allowed` lists excepted origins (`http://127.0.0.1:4011`), for tests and trials.
 */
export function urlFault(text: string, allowed: readonly string[]) {
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
 * Checks whether a host is a public name: several labels, the last one not numeric. URL parsing turns every form of an IPv4
 * address into digits.
 */
function isPublicName(host: string): boolean {
  const labels = host.split('.')
  const wellFormed = labels.every((label) => /^(?!-)[a-z0-9-]{1,63}(?<!-)$/.test(label))
  return wellFormed && labels.length > 1 && !/^\d+$/.test(labels.at(-1) ?? '') && !PRIVATE_NAMES.test(host)
}
