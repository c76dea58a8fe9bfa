import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage<{
  readonly id: string
  readonly network: string | null
}>()

/** Runs `work` with `requestId` on all its log lines and audit entries. `network`: the client's network for rate limits. */
export const withRequestId = <T>(requestId: string, work: () => T, network: string | null = null): T =>
  storage.run({ id: requestId, network }, work)

/** Returns the id of the current request or job; null outside of one. */
export const currentRequestId = (): string | null => storage.getStore()?.id ?? null

/** Returns the network of the current request; null in a job. */
export const currentNetwork = (): string | null => storage.getStore()?.network ?? null
