import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'

/** What a request met of a machine that has no more room: after how many seconds it may come again. */
interface Load {
  retryAfterSeconds: number | null
}

// One for the process: the web server and Next's bundles each have this module, and one marks what the other reads.
const shared = globalThis as { antamLoad?: AsyncLocalStorage<Load> }
shared.antamLoad ??= new AsyncLocalStorage()
const load = shared.antamLoad

const NAME = 'Overloaded'

/** There is no room for this now: too many before it, or it took too long. Answered 503 with `Retry-After`. */
export class Overloaded extends Error {
  override name = NAME
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super('there is no room for this now', options)
    this.retryAfterSeconds = retryAfterSeconds
    const request = load.getStore()
    if (request) request.retryAfterSeconds = retryAfterSeconds
  }
}

/** By its name: the class is another one in each bundle. */
export const isOverloaded = (error: unknown): error is Overloaded =>
  error instanceof Error && error.name === NAME

/** After how many seconds a statement that found no free connection may be tried again. */
const DATABASE_RETRY = 5
/** What pg's pool says of its own where nobody gave a connection back in time. */
const NO_CONNECTION = /timeout exceeded when trying to connect|timeout expired/

/** Returns the error of a connection that was not to be had as `Overloaded`, and any other as it is. */
export const asOverload = (error: unknown): unknown =>
  error instanceof Error && NO_CONNECTION.test(error.message)
    ? new Overloaded(DATABASE_RETRY, { cause: error })
    : error

/** Runs `serve` and lets `retryAfter` say afterwards, or in the middle of it, whether it met a lack of room. */
export function underLoad<T>(serve: (retryAfter: () => number | null) => T): T {
  const request: Load = { retryAfterSeconds: null }
  return load.run(request, () => serve(() => request.retryAfterSeconds))
}
