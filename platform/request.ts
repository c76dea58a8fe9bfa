import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage<{
  readonly id: string
  readonly network: string | null
}>()

/**
 * Runs `work` so that every log line and audit entry in it carries `requestId`. `network`: where the request comes from,
 * as it is counted for limits.
 */
export const withRequestId = <T>(requestId: string, work: () => T, network: string | null = null): T =>
  storage.run({ id: requestId, network }, work)

/** Returns the id of the request (or job) that is being served, or null outside of one. */
export const currentRequestId = (): string | null => storage.getStore()?.id ?? null

/** Returns the network of the request that is being served; null in a job. */
export const currentNetwork = (): string | null => storage.getStore()?.network ?? null
