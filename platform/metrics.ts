import '#server-only'
import type { Counter, Gauge, Histogram } from 'prom-client'

/**
 * Counters that are incremented where the work is done. Every label has few values, known in advance: never user input, a
 * number or a secret from an address.
 */
export interface ProcessMetrics {
  readonly requests: Counter<'route' | 'method' | 'status'>
  readonly requestSeconds: Histogram<'route' | 'method'>
  readonly requestsInFlight: Gauge
  readonly eventStreams: Gauge
  /** Work refused as overload: `database` (no connection in time, or none at all) or `work` (too much at once). */
  readonly refusals: Counter<'cause'>
  /** Invalid requests from programs, by kind: noise, not faults. */
  readonly nonsense: Counter<'kind'>
  readonly messages: Counter<'channel' | 'outcome'>
  readonly jobs: Counter<'queue' | 'outcome'>
  readonly jobSeconds: Histogram<'queue'>
  readonly logged: Counter<'level'>
  /** Codes to contacts: sent, by the kind of contact; entered right or wrong. */
  readonly codes: Counter<'event' | 'channel'>
  /** Accepted ratings, by the channel of the visitor. */
  readonly ratings: Counter<'channel'>
}

// One per process: each of Next's bundles contains this module. Undefined while METRICS_PORT is not set.
const shared = globalThis as { antamCounted?: ProcessMetrics }

/** Returns this process's metrics; undefined if METRICS_PORT is not set. */
export const processMetrics = (): ProcessMetrics | undefined => shared.antamCounted

export const countInto = (figures: ProcessMetrics | undefined): void => {
  if (figures) shared.antamCounted = figures
  else delete shared.antamCounted
}

/** Counts whether a gateway or a carrier's server accepted a message. */
export async function countSent<T>(
  channel: 'email' | 'sms' | 'zalo' | 'device' | 'push',
  send: () => Promise<T>,
  taken: (answer: T) => boolean = () => true,
): Promise<T> {
  try {
    const answer = await send()
    processMetrics()?.messages.inc({ channel, outcome: taken(answer) ? 'sent' : 'failed' })
    return answer
  } catch (error) {
    processMetrics()?.messages.inc({ channel, outcome: 'failed' })
    throw error
  }
}
