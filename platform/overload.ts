import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { processMetrics } from './metrics.ts'

/** Notes about a request that decide how it is answered. */
interface RequestNotes {
  /** Seconds after which the request may come again; null where nothing was overloaded. */
  retryAfterSeconds: number | null
  /** True once an action of ours has begun to handle it. */
  actionBegan: boolean
}

// One for the process: each of Next's bundles has this module, and one marks what the other reads.
const shared = globalThis as { antamNotes?: AsyncLocalStorage<RequestNotes> }
shared.antamNotes ??= new AsyncLocalStorage()
const notesOf = shared.antamNotes

const NAME = 'Overloaded'

/**
 * The error where there is no room for a request now: too many before it, or it took too long. Answered with 503 and
 * `Retry-After`.
 */
export class Overloaded extends Error {
  override name = NAME
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super('there is no room for this now', options)
    this.retryAfterSeconds = retryAfterSeconds
    processMetrics()?.refusals.inc({ cause: options?.cause === undefined ? 'work' : 'database' })
    const request = notesOf.getStore()
    if (request) request.retryAfterSeconds = retryAfterSeconds
  }
}

/** Tells whether an error is an {@link Overloaded}, by its name: the class is another one in each bundle. */
export const isOverloaded = (error: unknown): error is Overloaded =>
  error instanceof Error && error.name === NAME

/** After how many seconds a statement that found no connection may be tried again. */
const DATABASE_RETRY = 5
/** Matches the messages of pg for a connection that was not free in time, or has ended. */
const NO_CONNECTION =
  /timeout exceeded when trying to connect|timeout expired|connection terminated|not queryable/i
/**
 * The system's codes and PostgreSQL's for a database that is away, starting, stopping (class 57P), without room for
 * connections, memory or on its disk (class 53, 58030); 25006 for one that has become a replica.
 */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|57P0[123]|53[0-3]00|58030|25006)$/

const isAway = (error: Error): boolean =>
  NO_CONNECTION.test(error.message) || ('code' in error && AWAY.test(String(error.code)))

/** Returns an `Overloaded` for the error of a connection that was not available, and any other error unchanged. */
export const asOverload = (error: unknown): unknown =>
  error instanceof Error && isAway(error) ? new Overloaded(DATABASE_RETRY, { cause: error }) : error

/** Begins the notes of the request that is being received. All that it leads to writes into the same. */
export function noteRequest(): RequestNotes {
  const notes: RequestNotes = { retryAfterSeconds: null, actionBegan: false }
  notesOf.enterWith(notes)
  return notes
}

/** Notes that this request reached an action of ours: what fails from now on is no fault of its form. */
export function noteAction(): void {
  const notes = notesOf.getStore()
  if (notes) notes.actionBegan = true
}

/** Returns after how many seconds this request may come again; null where it met no lack of room. */
export const retryAfter = (): number | null => notesOf.getStore()?.retryAfterSeconds ?? null
