import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { pool } from '../../database.ts'

/** A parameter: a constant, or the way to make a new value. */
export type Value =
  | { readonly kind: 'value'; readonly value: string }
  | { readonly kind: 'uuid' }
  | { readonly kind: 'bytes'; readonly length: number }
  /** A random text with digits and letters in the same places. */
  | { readonly kind: 'text'; readonly like: string }
  /** One column of the key of an existing row, drawn at random from a table. */
  | { readonly kind: 'key'; readonly table: string; readonly row: number; readonly column: number }

/** One statement that writes the same rows as one send of the product, made by bench/same-rows.ts. */
export interface SameRows {
  readonly text: string
  readonly parameters: readonly Value[]
  /** The keys to draw from, by table, sorted. */
  readonly keys: Readonly<Record<string, readonly (readonly string[])[]>>
}

const statements = new Map<string, Promise<SameRows>>()

async function read(name: string): Promise<SameRows> {
  const { rows } = await pool.query<{ statement: SameRows }>(
    'SELECT statement FROM bench_same WHERE name = $1',
    [name],
  )
  if (!rows[0]) throw new Error(`there is no statement ${name}`)
  return rows[0].statement
}

/** Writes the rows in one transaction with one prepared statement. */
export async function writeSameRows(name: string): Promise<void> {
  const known = statements.get(name) ?? read(name)
  statements.set(name, known)
  const { text, parameters, keys } = await known
  const drawn: Record<string, readonly (readonly string[])[]> = {}
  for (const [table, all] of Object.entries(keys)) {
    const count = parameters.filter(
      (one) => one.kind === 'key' && one.table === table && one.column === 0,
    ).length
    drawn[table] = some(all, count)
  }
  const values = parameters.map((one) => {
    if (one.kind === 'value') return one.value
    if (one.kind === 'uuid') return randomUUID()
    if (one.kind === 'bytes') return `\\x${randomBytes(one.length).toString('hex')}`
    if (one.kind === 'text') return alike(one.like)
    return drawn[one.table]?.[one.row]?.[one.column]
  })
  await pool.query({ name: `same_${name}`, text, values })
}

const alike = (text: string): string =>
  text.replace(/[0-9A-Z]/g, (one) =>
    one <= '9' ? String(randomInt(10)) : String.fromCharCode(65 + randomInt(26)),
  )

/** Draws distinct values and keeps their order, so that two statements never deadlock. */
function some<T>(all: readonly T[], count: number): readonly T[] {
  const places = new Set<number>()
  while (places.size < Math.min(count, all.length)) places.add(randomInt(all.length))
  return [...places].sort((a, b) => a - b).map((at) => all[at] as T)
}
