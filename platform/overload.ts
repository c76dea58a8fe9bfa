import '#server-only'
import { AsyncLocalStorage } from 'node:async_hooks'
import { counted } from './metrics.ts'

/** The notes on what became of a request, for the answer to it. */
export interface RequestNotes {
  /** After how many seconds it may come again; null where it met no lack of room. */
  retryAfterSeconds: number | null
  /** It reached an action of ours. */
  actionBegan: boolean
}

// One for the process: each of Next's bundles has this module, and one marks what the other reads.
const shared = globalThis as { antamNotes?: AsyncLocalStorage<RequestNotes> }
shared.antamNotes ??= new AsyncLocalStorage()
const notesOf = shared.antamNotes

const NAME = 'Overloaded'

/** There is no room for this now: too many before it, or it took too long. Answered 503 with `Retry-After`. */
export class Overloaded extends Error {
  override name = NAME
  readonly retryAfterSeconds: number

  constructor(retryAfterSeconds: number, options?: ErrorOptions) {
    super('there is no room for this now', options)
    this.retryAfterSeconds = retryAfterSeconds
    counted()?.refusals.inc({ cause: options?.cause === undefined ? 'work' : 'database' })
    const request = notesOf.getStore()
    if (request) request.retryAfterSeconds = retryAfterSeconds
  }
}

/** Tells whether an error is an {@link Overloaded}, by its name: the class is another one in each bundle. */
export const isOverloaded = (error: unknown): error is Overloaded =>
  error instanceof Error && error.name === NAME

/** After how many seconds a statement that found no connection may be tried again. */
const DATABASE_RETRY = 5
/** The words of pg's pool where nobody gave a connection back in time, and of pg for a connection that ended or has ended before. */
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

/** Returns the error of a connection that was not to be had as `Overloaded`, and any other as it is. */
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
