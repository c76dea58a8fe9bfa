import '#server-only'
import { gramsOf } from '#features/exchange/orders/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { blindIndexes } from '#platform/crypto.ts'
import { db, PLANNED_ANEW } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { COLUMNS, inside, ROW_JOINS, type StoredRow, toRow } from './row-data.ts'
import type { QueueRow } from './row-rules.ts'
import type { CaseSearch } from './search-rules.ts'

/** Returns the statement that finds cases by a part of their number; four characters of one are in few others. */
const byPart = (part: string): Prisma.Sql => Prisma.sql`SELECT id FROM cases
  WHERE id IN (SELECT case_id FROM case_numbers WHERE grams @> ${gramsOf(part)}::text[])
    AND strpos(replace(substr(number, 5), '-', ''), ${part}) > 0`

/**
 * Returns the statement that finds at most `limit` cases that a search means: the newest, except for a name. A name is
 * looked up by one of its words, and the other words are checked case by case in no order, so that a very common name
 * stops as soon as there are enough.
 */
export function searchQuery(scope: CaseScope, search: CaseSearch, limit: number): Prisma.Sql {
  const [first, ...others] = search.words.map((word) => Prisma.join(blindIndexes('name_word', word)))
  if (first) {
    const also = others.map(
      (hashes) => Prisma.sql`AND EXISTS (SELECT FROM blind_index o
        WHERE o.kind = 'name_word' AND o.hash IN (${hashes}) AND o.case_id = b.case_id)`,
    )
    return Prisma.sql`${PLANNED_ANEW} SELECT c.submitted_at AS at, ${COLUMNS} FROM blind_index b
      JOIN cases c ON c.id = b.case_id ${ROW_JOINS}
      WHERE b.kind = 'name_word' AND b.hash IN (${first}) ${Prisma.join([Prisma.empty, ...also], ' ')}
        AND ${inside(scope, Prisma.sql`c.unit_id`)} LIMIT ${limit}`
  }
  const ids = [
    ...(search.number === null ? [] : [Prisma.sql`SELECT id FROM cases WHERE number = ${search.number}`]),
    ...(search.numberPart === null ? [] : [byPart(search.numberPart)]),
    ...(search.imeiKey === null
      ? []
      : [Prisma.sql`SELECT case_id FROM case_imeis WHERE key14 = ${search.imeiKey}`]),
    ...search.values.map(
      ({ kind, value }) => Prisma.sql`SELECT case_id FROM blind_index
        WHERE kind = ${kind}::blind_index_kind AND hash IN (${Prisma.join(blindIndexes(kind, value))})`,
    ),
  ]
  return Prisma.sql`${PLANNED_ANEW} SELECT c.submitted_at AS at, ${COLUMNS} FROM cases c ${ROW_JOINS}
    WHERE c.id IN (${Prisma.join(ids, ' UNION ')}) AND ${inside(scope, Prisma.sql`c.unit_id`)}
    ORDER BY c.submitted_at DESC, c.id DESC LIMIT ${limit}`
}

/** Returns the cases that a search means, each once. Letters alone may be a name and a part of a number. */
export async function searchRows(scope: CaseScope, search: CaseSearch, limit: number): Promise<QueueRow[]> {
  const meant: CaseSearch[] =
    search.words.length > 0 && search.numberPart !== null
      ? [
          { ...search, numberPart: null },
          { ...search, words: [] },
        ]
      : [search]
  const rows = await inScope(scope, async () => {
    const found: StoredRow[] = []
    for (const one of meant) found.push(...(await db.$queryRaw<StoredRow[]>(searchQuery(scope, one, limit))))
    return found
  })
  return [...new Map(rows.map((row) => [row.id, row])).values()].slice(0, limit).map(toRow)
}
