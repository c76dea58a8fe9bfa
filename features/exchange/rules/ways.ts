import type { PushStanding, Webhook } from './delivery.ts'

/** Describes a way by which the lines of its book reach a carrier. */
export interface Way {
  /** Offers: the job that carries new lines out; null where they wait in the book until they are fetched or printed. */
  readonly offer: 'push' | null
  /** Sends: the carrier fetches its lines, the product posts them, or the relay hands them over on paper. */
  readonly sentBy: 'carrier' | 'product' | 'relay'
  /** When an order counts as sent: once it is in the book, or once its letter was handed over. */
  readonly sentOnce: 'booked' | 'handed_over'
  /** Acknowledges and answers: by the interface, with its keys, or on paper; then the keys open nothing. */
  readonly answers: 'interface' | 'paper'
  /** Fails: how it goes with the address that lines are pushed to, where the carrier has one. */
  readonly standing: (webhook: Pick<Webhook, 'state' | 'failures' | 'secrets'>) => PushStanding
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
