import '#server-only'
import type { Counter, Gauge, Histogram } from 'prom-client'

/**
 * The figures that are counted where the work is done. Every label has few values, which are known beforehand: never what
 * a person typed, never a number or a secret of an address.
 */
export interface ProcessMetrics {
  readonly requests: Counter<'route' | 'method' | 'status'>
  readonly requestSeconds: Histogram<'route' | 'method'>
  readonly requestsInFlight: Gauge
  readonly eventStreams: Gauge
  /** Work refused for want of room: `database` (no connection in time, or none at all) or `work` (too much of it at once). */
  readonly refusals: Counter<'cause'>
  /** Counts requests of programs that are no browser, by kind: noise, not faults. */
  readonly nonsense: Counter<'kind'>
  readonly messages: Counter<'channel' | 'outcome'>
  readonly jobs: Counter<'queue' | 'outcome'>
  readonly jobSeconds: Histogram<'queue'>
  readonly logged: Counter<'level'>
  /** Codes to contacts: sent, by the kind of contact; entered right or wrong. */
  readonly codes: Counter<'event' | 'channel'>
  /** Ratings that were taken, by the way on which their person came. */
  readonly ratings: Counter<'channel'>
}

// One for the process: each of Next's bundles has this module. Undefined while METRICS_PORT is not set.
const shared = globalThis as { antamCounted?: ProcessMetrics }

/** Returns the metrics of this process, to count into; undefined where METRICS_PORT is not set. */
export const processMetrics = (): ProcessMetrics | undefined => shared.antamCounted

/** Sets the metrics that are counted into from now on. */
export const countInto = (figures: ProcessMetrics | undefined): void => {
  if (figures) shared.antamCounted = figures
  else delete shared.antamCounted
}

/** Counts whether a gateway, or a carrier's server, took a message. */
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
