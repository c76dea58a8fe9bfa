import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'

const storage = new AsyncLocalStorage<string>()

/** Runs `work` so that every log line and audit entry in it carries `requestId`. */
export const withRequestId = <T>(requestId: string, work: () => T): T => storage.run(requestId, work)

/** Returns the id of the request (or job) that is being served, or null outside of one. */
export const currentRequestId = (): string | null => storage.getStore() ?? null
