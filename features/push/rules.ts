import { z } from 'zod'
import { urlFault } from '#features/exchange/delivery/rules.ts'

/** Devices that may be told of one case, or of one list of phones. */
export const MOST_DEVICES = 5

/** The words of a fault are `faults.push.CODE`. */
export type DeviceFault = 'off' | 'borrowed' | 'not_own' | 'unsupported' | 'too_many'

/** Milliseconds for one try, from resolving the name of the push service to the end of its answer. */
export const PATIENCE_MS = 10_000
/** Seconds for which a push service keeps a message for an offline device. */
export const KEPT_SECONDS = 3 * 24 * 3600

/** The endpoints of known services have 500 characters at most. */
const LONGEST_ENDPOINT = 1_024

/** Parses bytes as browsers write them (base64url without `=`). */
const bytes = (count: number) =>
  z
    .string()
    .regex(/^[\w-]+$/)
    .refine((text) => Buffer.from(text, 'base64url').length === count)

/** Parses `PushSubscription.toJSON()`: an uncompressed point of P-256, and a secret of 16 bytes (RFC 8291). */
const SUBSCRIPTION = z.object({
  endpoint: z.string().max(LONGEST_ENDPOINT),
  keys: z.object({ p256dh: bytes(65), auth: bytes(16) }),
})
export type Subscription = z.output<typeof SUBSCRIPTION>

export interface Services {
  /** Hosts of push services; `*.` matches any name below. */
  readonly hosts: readonly string[]
  /** Excepted origins, for tests and trials. */
  readonly allowed: readonly string[]
}

/** Parses a subscription from a browser's script; null if it is invalid or not of a known push service. */
export function readSubscription(text: string, services: Services): Subscription | null {
  let sent: unknown
  try {
    sent = JSON.parse(text.slice(0, 4_096))
  } catch {
    return null
  }
  const read = SUBSCRIPTION.safeParse(sent)
  return read.success && isKnownEndpoint(read.data.endpoint, services) ? read.data : null
}

/**
 * Checks whether messages may go to an endpoint: the client names it, and the client may be no browser. It must be public HTTPS
 * of a known push service; the address behind its name is checked when connecting (platform/outward.ts).
 */
export function isKnownEndpoint(endpoint: string, { hosts, allowed }: Services): boolean {
  if (endpoint.length > LONGEST_ENDPOINT || urlFault(endpoint, allowed) !== null) return false
  const { hostname, origin } = new URL(endpoint)
  if (allowed.includes(origin)) return true
  return hosts.some((host) => (host.startsWith('*.') ? hostname.endsWith(host.slice(1)) : hostname === host))
}
