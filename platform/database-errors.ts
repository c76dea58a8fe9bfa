import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { isOverloaded } from './overload.ts'

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const UNIQUE_VIOLATION = '23505'
const LOCK_TIMEOUT = '55P03'

/** PostgreSQL's refusal: its code, and the unique index (or else the fields) that a write ran into. */
interface DatabaseFault {
  readonly code?: string | undefined
  readonly constraint?: string | undefined
}

interface AdapterCause {
  readonly originalCode?: string
  readonly constraint?: { readonly index?: string; readonly fields?: readonly string[] }
}

/** Maps Prisma's error codes to PostgreSQL's. */
const MEANT: Readonly<Record<string, string>> = { P2034: SERIALIZATION_FAILURE, P2002: UNIQUE_VIOLATION }

function faultOf(error: unknown): DatabaseFault {
  if (error instanceof Prisma.PrismaClientKnownRequestError) {
    const meta = error.meta as { driverAdapterError?: { cause?: AdapterCause } } | undefined
    const { originalCode, constraint } = meta?.driverAdapterError?.cause ?? {}
    return {
      code: MEANT[error.code] ?? originalCode,
      constraint: constraint?.index ?? constraint?.fields?.join(','),
    }
  }
  // Raw statements of a transaction do not go through Prisma: their errors are PostgreSQL's own.
  return error instanceof Error && 'severity' in error ? (error as DatabaseFault) : {}
}

/** Tells whether the database undid the transaction for a write conflict or deadlock and asks for another try. */
export function isConflict(error: unknown): boolean {
  const { code } = faultOf(error)
  return code === SERIALIZATION_FAILURE || code === DEADLOCK
}

/** Returns the unique index (or else the fields) that a write ran into, or null when the error is something else. */
export function uniqueViolation(error: unknown): string | null {
  const { code, constraint } = faultOf(error)
  return code === UNIQUE_VIOLATION ? (constraint ?? 'unknown') : null
}

/** PostgreSQL's codes that say nothing of a commit: connection lost (08), server stopping (57P), system error (58, XX). */
const UNKNOWN = /^(08|57P|58|XX)/
/** The words of pg, and the codes of the system and of PostgreSQL, for a connection that never began. */
const NEVER_BEGAN = /timeout exceeded when trying to connect|due to connection timeout/i
const NOT_REACHED = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|57P03)$/
/** Prisma's code for a transaction that it did not begin in time, or ended for its length. */
const TOO_LONG = 'P2028'

/**
 * Tells whether a failed statement or transaction has surely left nothing behind: PostgreSQL refused it, or no connection
 * was to be had. False where the connection was lost on the way: it may have been committed.
 */
export function wasUndone(error: unknown): boolean {
  if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === TOO_LONG) return true
  const cause = isOverloaded(error) ? error.cause : error
  const { code } = faultOf(cause)
  if (code !== undefined && !UNKNOWN.test(code)) return true
  if (!(cause instanceof Error)) return false
  if (NEVER_BEGAN.test(cause.message)) return true
  return 'code' in cause && NOT_REACHED.test(String(cause.code))
}

/** Tells whether a statement gave up waiting for a lock. */
export const isLockTimeout = (error: unknown): boolean => faultOf(error).code === LOCK_TIMEOUT
