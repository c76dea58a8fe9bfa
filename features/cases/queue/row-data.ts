import '#server-only'
import { gramsOf } from '#features/exchange/orders/rules.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { blindIndexes, unseal, unwrap } from '#platform/crypto.ts'
import { db, PLANNED_ANEW, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import { ofUnits } from '#platform/units.ts'
import { masked, opened, type Particulars } from '../particulars/rules.ts'
import type { QueueKey, QueueRow } from './rules.ts'
import type { CaseSearch } from './search-rules.ts'

export interface StoredRow extends Omit<QueueRow, 'told'> {
  readonly sealed: Uint8Array<ArrayBuffer>
  readonly wrapped: Uint8Array<ArrayBuffer>
  readonly wrapKeyVersion: number
  readonly erased: boolean
}

/** Selects a {@link StoredRow} from `cases c` and {@link ROW_JOINS}; `at` is the statement's own. */
export const ROW_COLUMNS = Prisma.sql`
  c.id, c.number, c.version, c.state, c.watch_until AS "watchUntil",
  coalesce(c.held, CASE WHEN c.shared_due_at IS NOT NULL THEN 'shared_imei'::case_hold END) AS held, c.unit_id AS "unitId", c.brand, c.model, c.tac_mismatch AS "tacMismatch",
  c.incident_type AS "incidentType", c.incident_at AS "incidentAt",
  imeis.keys, cardinality(imeis.keys) = 0 AS "imeiUnknown",
  CASE WHEN EXISTS (SELECT 1 FROM carrier_questions q
      WHERE q.case_id = c.id AND q.sealed_answer IS NOT NULL AND q.released_at IS NULL) THEN 'answered'
    WHEN c.lookup_due_at < now() THEN 'late' END AS lookup,
  c.hold_asked_by_id AS "holdAskedById", c.hold_confirmed_by_id AS "holdConfirmedById",
  c.renewal_asked_by_id AS "renewalAskedById", c.renewal_confirmed_by_id AS "renewalConfirmedById",
  c.renewal_due_at AS "renewalDueAt", c.hold_due_at AS "holdDueAt", c.hold_until AS "holdUntil", c.objected_at AS "objectedAt", c.earlier_id AS "earlierId",
  c.filed_by_id IS NOT NULL AS "atDesk", c.unblock_verified_by_id IS NOT NULL AS "unblockVerified",
  c.withdraw_effective_at AS "withdrawEffectiveAt", c.submitted_at AS "submittedAt", coalesce(c.shared_due_at, c.due_at) AS "dueAt",
  least(c.act_by, c.shared_due_at) AS "actBy", c.needs_work AS "needsWork", c.assignee_id AS "assigneeId", a.name AS "assigneeName",
  c.sealed, k.wrapped, k.wrap_key_version AS "wrapKeyVersion", c.erased_at IS NOT NULL AS erased`

export const ROW_JOINS = Prisma.sql`
  JOIN case_keys k ON k.case_id = c.id LEFT JOIN staff_accounts a ON a.id = c.assignee_id
  CROSS JOIN LATERAL (SELECT coalesce(array_agg(i.key14::text), '{}') AS keys FROM case_imeis i WHERE i.case_id = c.id) imeis`

export function toRow({ sealed, wrapped, wrapKeyVersion, erased, ...row }: StoredRow): QueueRow {
  if (erased) return { ...row, told: null }
  const key = unwrap(row.id, { wrapped, wrapKeyVersion })
  const { fullName, place, incidentDayOnly } = masked(opened(unseal<Particulars>(key, 'particulars', sealed)))
  return { ...row, told: { name: fullName, place, dayOnly: incidentDayOnly === true } }
}

export function inside(scope: CaseScope, column: Prisma.Sql): Prisma.Sql {
  if (scope.kind === 'unit') return ofUnits(scope, column)
  return scope.kind === 'one' ? Prisma.sql`false` : Prisma.sql`true`
}

export const all = (conditions: readonly Prisma.Sql[]): Prisma.Sql => Prisma.join([...conditions], ' AND ')

export interface WaitingRow extends QueueKey {
  readonly list: string
}

/** Returns the next cases of a list by urgency, without those whose next step would confirm the reader's own work. */
export async function waitingIn(
  tx: Tx,
  scope: CaseScope,
  list: string,
  accountId: string,
  after: QueueKey | null,
  limit: number,
): Promise<WaitingRow[]> {
  return tx.$queryRaw<WaitingRow[]>`SELECT q.case_id AS id, q.act_by AS at, q.list FROM queue_places q
    WHERE ${all([
      Prisma.sql`q.list = ${list}`,
      inside(scope, Prisma.sql`q.unit_id`),
      Prisma.sql`NOT q.with_citizen`,
      Prisma.sql`${accountId}::uuid <> ALL (q.not_by)`,
      ...(after === null
        ? []
        : [Prisma.sql`(q.act_by, q.case_id) > (${after.at}::timestamptz, ${after.id}::uuid)`]),
    ])} ORDER BY q.act_by, q.case_id LIMIT ${limit}`
}

/** Returns the statement that finds cases by a part of their number; four characters match few cases. */
const byPart = (part: string): Prisma.Sql => Prisma.sql`SELECT id FROM cases
  WHERE id IN (SELECT case_id FROM case_numbers WHERE grams @> ${gramsOf(part)}::text[])
    AND strpos(replace(substr(number, 5), '-', ''), ${part}) > 0`

/**
 * Returns the statement that finds at most `limit` cases for a search, the newest first except for a name. A name is looked up by
 * one of its words, and the other words are checked case by case in no order, so that a very common name stops as soon as there
 * are enough.
 */
export function searchQuery(scope: CaseScope, search: CaseSearch, limit: number): Prisma.Sql {
  const [first, ...others] = search.words.map((word) => Prisma.join(blindIndexes('name_word', word)))
  if (first) {
    const also = others.map(
      (hashes) => Prisma.sql`AND EXISTS (SELECT FROM blind_index o
        WHERE o.kind = 'name_word' AND o.hash IN (${hashes}) AND o.case_id = b.case_id)`,
    )
    return Prisma.sql`${PLANNED_ANEW} SELECT c.submitted_at AS at, ${ROW_COLUMNS} FROM blind_index b
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
  return Prisma.sql`${PLANNED_ANEW} SELECT c.submitted_at AS at, ${ROW_COLUMNS} FROM cases c ${ROW_JOINS}
    WHERE c.id IN (${Prisma.join(ids, ' UNION ')}) AND ${inside(scope, Prisma.sql`c.unit_id`)}
    ORDER BY c.submitted_at DESC, c.id DESC LIMIT ${limit}`
}

/** Returns the cases that match a search, each once. Letters alone can be a name or a part of a number. */
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
