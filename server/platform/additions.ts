import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'

/**
 * What a transaction adds and reads no more before its end: history, audit entries, messages, jobs. It is gathered
 * and written in one statement just before the commit, for a round trip to the database costs more than the row.
 * What it breaks (a unique index, a foreign key) fails the transaction there.
 */
interface Additions {
  readonly rows: Map<string, object[]>
  readonly statements: Prisma.Sql[]
}
const gathered = new WeakMap<object, Additions>()

export const { sql } = Prisma

/** What can run SQL: a transaction, or the plain client. */
interface Executor {
  $executeRaw(query: Prisma.Sql): Promise<number>
}

/** From here on what is added in this transaction waits for {@link writeAdditions}. */
export const gatherAdditions = (tx: object): void =>
  void gathered.set(tx, { rows: new Map(), statements: [] })

/**
 * Adds rows to a table: with the transaction's other additions, or at once where there is none. Their fields are the
 * schema's, each in the column of its name in snake case; what a row leaves out has the column's default.
 */
export async function addRows(tx: Executor, table: string, rows: readonly object[]): Promise<void> {
  const additions = gathered.get(tx)
  if (additions) additions.rows.set(table, [...(additions.rows.get(table) ?? []), ...rows])
  else await tx.$executeRaw(insertion(table, rows))
}

/** The same for any other statement whose answer nobody waits for. It may run before or after the others. */
export async function addStatement(tx: Executor, statement: Prisma.Sql): Promise<void> {
  const additions = gathered.get(tx)
  if (additions) additions.statements.push(statement)
  else await tx.$executeRaw(statement)
}

/**
 * Writes what was gathered, as one statement: see {@link together}. The rows of one table are written in their order.
 */
export async function writeAdditions(
  tx: object,
  execute: (query: Prisma.Sql) => Promise<unknown>,
): Promise<void> {
  const { rows, statements } = gathered.get(tx) ?? { rows: new Map<string, object[]>(), statements: [] }
  gathered.delete(tx)
  const all = [...[...rows].map(([table, some]) => insertion(table, some)), ...statements]
  if (all.length > 0) await execute(together(all))
}

/**
 * Several statements as one. PostgreSQL runs them in any order and none sees what another writes; foreign keys are checked
 * at its end. The answer is the last one's.
 */
export function together(statements: readonly Prisma.Sql[]): Prisma.Sql {
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

/** A column's value: SQL stays SQL, an object is JSON. */
function value(given: unknown): unknown {
  if (given === undefined) return Prisma.raw('DEFAULT')
  if (given === null || typeof given !== 'object') return given
  if (given instanceof Date || ArrayBuffer.isView(given) || given instanceof Prisma.Sql) return given
  return JSON.stringify(given)
}
