import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import { isOverloaded } from './overload.ts'

const SERIALIZATION_FAILURE = '40001'
const DEADLOCK = '40P01'
const UNIQUE_VIOLATION = '23505'
const LOCK_TIMEOUT = '55P03'

/** A PostgreSQL error: its code, and the unique index (or else the fields) that a write violated. */
interface DatabaseFault {
  readonly code?: string | undefined
  readonly constraint?: string | undefined
}

interface AdapterCause {
  readonly originalCode?: string
  readonly constraint?: { readonly index?: string; readonly fields?: readonly string[] }
}

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
  // Raw statements in a transaction bypass Prisma, so their errors come from PostgreSQL.
  return error instanceof Error && 'severity' in error ? (error as DatabaseFault) : {}
}

/** Tells whether the database rolled back because of a write conflict or deadlock, and a retry may succeed. */
export function isConflict(error: unknown): boolean {
  const { code } = faultOf(error)
  return code === SERIALIZATION_FAILURE || code === DEADLOCK
}

/** Returns the unique index (or else the fields) that a write violated, or null for any other error. */
export function uniqueViolation(error: unknown): string | null {
  const { code, constraint } = faultOf(error)
  return code === UNIQUE_VIOLATION ? (constraint ?? 'unknown') : null
}

/** PostgreSQL codes after which a commit is uncertain: connection lost (08), server stopping (57P), system error (58, XX). */
const UNKNOWN = /^(08|57P|58|XX)/
/** Messages of pg, and codes of the system and of PostgreSQL, for a connection that was never opened. */
const NEVER_BEGAN = /timeout exceeded when trying to connect|due to connection timeout/i
const NOT_REACHED = /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ENOENT|ENOTFOUND|57P03)$/
/** Prisma's code for a transaction that did not start in time, or was ended for its length. */
const TOO_LONG = 'P2028'

/**
 * Tells whether a failed statement or transaction certainly changed nothing: PostgreSQL refused it, or there was no connection.
 * False if the connection was lost on the way, because it may have been committed.
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

export const isLockTimeout = (error: unknown): boolean => faultOf(error).code === LOCK_TIMEOUT
