import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'

/**
 * Rows that a transaction adds and does not read again: history, audit entries, messages, jobs. They are written in one
 * statement just before the commit (docs/adr/0012), because a round trip costs more than a row. A row that violates a unique
 * index or a foreign key fails the transaction at that point.
 */
interface Deferred {
  readonly rows: Map<string, object[]>
  readonly statements: Prisma.Sql[]
}
const deferred = new WeakMap<object, Deferred>()

/** A transaction, or the plain client. */
interface Executor {
  $executeRaw(query: Prisma.Sql): Promise<number>
}

/** Defers this transaction's additions until {@link writeDeferred}. */
export const beginDeferring = (tx: object): void => void deferred.set(tx, { rows: new Map(), statements: [] })

/**
 * Adds rows to a table at the end of the transaction, or at once outside of one. Fields map to columns in snake case; a missing
 * field gets the column's default.
 */
export async function deferInsert(tx: Executor, table: string, rows: readonly object[]): Promise<void> {
  const waiting = deferred.get(tx)
  if (waiting) waiting.rows.set(table, [...(waiting.rows.get(table) ?? []), ...rows])
  else await tx.$executeRaw(insertion(table, rows))
}

/** Adds a statement that runs together with the deferred rows, in any order; its result is not returned. */
export async function deferStatement(tx: Executor, statement: Prisma.Sql): Promise<void> {
  const waiting = deferred.get(tx)
  if (waiting) waiting.statements.push(statement)
  else await tx.$executeRaw(statement)
}

/** Writes the deferred rows and statements as one statement: see {@link combineAsCte}. The rows of one table keep their order. */
export async function writeDeferred(
  tx: object,
  execute: (query: Prisma.Sql) => Promise<unknown>,
): Promise<void> {
  const { rows, statements } = deferred.get(tx) ?? { rows: new Map<string, object[]>(), statements: [] }
  deferred.delete(tx)
  const all = [...[...rows].map(([table, some]) => insertion(table, some)), ...statements]
  if (all.length > 0) await execute(combineAsCte(all))
}

/**
 * Combines several statements into one. PostgreSQL runs them in any order, and none sees the rows that another writes; foreign
 * keys are checked at its end. Returns the last statement's result.
 */
export function combineAsCte(statements: readonly Prisma.Sql[]): Prisma.Sql {
  const last = statements.at(-1) ?? Prisma.empty
  const others = statements.slice(0, -1).map((one, at) => Prisma.sql`${Prisma.raw(`part_${at}`)} AS (${one})`)
  return others.length === 0 ? last : Prisma.sql`WITH ${Prisma.join(others)} ${last}`
}

const column = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

function insertion(table: string, rows: readonly object[]): Prisma.Sql {
  const fields = [...new Set(rows.flatMap(Object.keys))]
  const columns = fields.map((field) => `"${column(field)}"`).join(', ')
  const values = rows.map((row) => {
    const given = new Map<string, unknown>(Object.entries(row))
    return Prisma.sql`(${Prisma.join(fields.map((field) => value(given.get(field))))})`
  })
  return Prisma.sql`INSERT INTO ${Prisma.raw(`"${table}" (${columns})`)} VALUES ${Prisma.join(values)}`
}

/** Returns a value for its column: SQL stays SQL, an object becomes JSON. */
function value(given: unknown): unknown {
  if (given === undefined) return Prisma.raw('DEFAULT')
  if (given === null || typeof given !== 'object') return given
  if (given instanceof Date || ArrayBuffer.isView(given) || given instanceof Prisma.Sql) return given
  return JSON.stringify(given)
}
