import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { processMetrics } from './metrics.ts'

/** Notes about a request that decide how it is answered. */
interface RequestNotes {
  /** Seconds for `Retry-After`; null without overload. */
  retryAfterSeconds: number | null
  actionBegan: boolean
}

// One per process: each of Next's bundles contains this module, and one bundle writes notes for another.
const shared = globalThis as { antamNotes?: AsyncLocalStorage<RequestNotes> }
shared.antamNotes ??= new AsyncLocalStorage()
const notesOf = shared.antamNotes

const NAME = 'Overloaded'

/**
 * Thrown if there is no capacity for a request now: too many before it, or it took too long. Answered with 503 and
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

/** Recognizes an {@link Overloaded} by its name, because the class differs between bundles. */
export const isOverloaded = (error: unknown): error is Overloaded =>
  error instanceof Error && error.name === NAME

/** Seconds until a statement without a connection may be retried. */
const DATABASE_RETRY = 5
/** Messages of pg for a connection that was not free in time, or has ended. */
const NO_CONNECTION =
  /timeout exceeded when trying to connect|timeout expired|connection terminated|not queryable/i
/**
 * Codes of the system and of PostgreSQL for an unavailable database: away, starting, stopping (class 57P), out of connections,
 * memory or disk (class 53, 58030); 25006 for one that has become a replica.
 */
const AWAY =
  /^(ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|EPIPE|ETIMEDOUT|57P0[123]|53[0-3]00|58030|25006)$/

const isAway = (error: Error): boolean =>
  NO_CONNECTION.test(error.message) || ('code' in error && AWAY.test(String(error.code)))

/** Returns an `Overloaded` for the error of an unavailable connection, and any other error unchanged. */
export const asOverload = (error: unknown): unknown =>
  error instanceof Error && isAway(error) ? new Overloaded(DATABASE_RETRY, { cause: error }) : error

/** Begins the notes of the current request. All work for it shares them. */
export function noteRequest(): RequestNotes {
  const notes: RequestNotes = { retryAfterSeconds: null, actionBegan: false }
  notesOf.enterWith(notes)
  return notes
}

/** Notes that this request reached one of our actions, so that a later error is not the form's fault. */
export function noteAction(): void {
  const notes = notesOf.getStore()
  if (notes) notes.actionBegan = true
}

/** Returns the seconds for this request's `Retry-After`; null without overload. */
export const retryAfter = (): number | null => notesOf.getStore()?.retryAfterSeconds ?? null
