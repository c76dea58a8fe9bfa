import '#server-only'
import { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import { unseal, unwrap } from '#platform/crypto.ts'
import { ofUnits } from '#platform/units.ts'
import { masked, opened, type Particulars } from '../particulars/rules.ts'
import type { QueueRow } from './row-rules.ts'

/** A row as it is stored, with its personal data sealed. */
export interface StoredRow extends Omit<QueueRow, 'told'> {
  readonly sealed: Uint8Array<ArrayBuffer>
  readonly wrapped: Uint8Array<ArrayBuffer>
  readonly wrapKeyVersion: number
  readonly erased: boolean
}

/** Selects a {@link StoredRow} from `cases c` and {@link ROW_JOINS}; `at` is the statement's own. */
export const COLUMNS = Prisma.sql`
  c.id, c.number, c.version, c.state,
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

/** Returns a line with the name and the place that are told before the papers are opened. */
export function toRow({ sealed, wrapped, wrapKeyVersion, erased, ...row }: StoredRow): QueueRow {
  if (erased) return { ...row, told: null }
  const key = unwrap(row.id, { wrapped, wrapKeyVersion })
  const { fullName, place, incidentDayOnly } = masked(opened(unseal<Particulars>(key, 'particulars', sealed)))
  return { ...row, told: { name: fullName, place, dayOnly: incidentDayOnly === true } }
}

/** Returns the condition that a unit's column is inside a scope. */
export function inside(scope: CaseScope, column: Prisma.Sql): Prisma.Sql {
  if (scope.kind === 'unit') return ofUnits(scope, column)
  return scope.kind === 'one' ? Prisma.sql`false` : Prisma.sql`true`
}

export const all = (conditions: readonly Prisma.Sql[]): Prisma.Sql => Prisma.join([...conditions], ' AND ')
