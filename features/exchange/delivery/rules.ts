export type { WebhookState } from '../push/rules.ts'

import type { Instant } from '#lib/time.ts'
import type { PushFault, WebhookState } from '../push/rules.ts'

/** Describes a way by which the lines of its book reach a carrier. */
interface Way {
  /** Offers: the job that carries new lines out; null where they wait in the book until they are fetched or printed. */
  readonly offer: 'push' | null
  /** Sends: the carrier fetches its lines, the product posts them, or the relay hands them over on paper. */
  readonly sentBy: 'carrier' | 'product' | 'relay'
  /** When an order counts as sent: once it is in the book, or once its letter was handed over. */
  readonly sentOnce: 'booked' | 'handed_over'
  /** Acknowledges and answers: by the interface, with its keys, or on paper; then the keys open nothing. */
  readonly answers: 'interface' | 'paper'
  /** Fails: how it goes with the address that lines are pushed to, where the carrier has one. */
  readonly standing: (
    webhook: Pick<Webhook, 'state' | 'failures' | 'secrets'>,
  ) => WebhookState | 'failing' | 'no_secret' | 'paused'
  /** Figures: lines are on no way to the carrier, and a person has to look. */
  readonly stopped: (webhook: Pick<Webhook, 'state'> | null) => boolean
  /** Settings: whether it needs the address; otherwise one that is known already stays. */
  readonly needsUrl: boolean
}

/** A way that pushes nothing. */
const WITHOUT_PUSH = {
  offer: null,
  standing: () => 'paused',
  stopped: () => false,
  needsUrl: false,
} as const satisfies Partial<Way>

/** Every way there is, each whole; its words stand in `delivery.json`. */
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

/** The way lines reach a carrier, as its page shows it. */
export interface Delivery {
  readonly way: DeliveryWay
  /** Raised with each change: tells two editors apart. */
  readonly version: number
  /** Null where it has never had an address. */
  readonly webhook: Webhook | null
}

/** The number of lines and letters under way to a carrier. */
export interface WayStanding {
  /** Lines without an acknowledgement; those of them that are in letters; and letters that are not handed over yet. */
  readonly pending: number
  readonly lettered: number
  readonly notHanded: number
  /** Orders that it has received, without a result. */
  readonly unanswered: number
  readonly keys: number
  /** The hour in which a live key was last used. */
  readonly keyUsedAt: Instant | null
}

/** Returns what happens to orders under way when lines go another way: keys of `delivery.effect`, the gravest first. */
type WayEffect =
  | 'again_on_paper'
  | 'keys_rest'
  | 'results_stay'
  | 'again_by_interface'
  | 'letters_void'
  | 'go_on'

/** Returns the effects of a change; none where the way stays. */
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

type UrlFault =
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
