import '#server-only'
import type { Prisma } from '#generated/prisma/client.ts'
import type { Actor } from '#lib/access/actor.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { type DifferenceKind, fullImei, type RepairKind } from './rules.ts'

const HEAD = {
  id: true,
  carrierId: true,
  state: true,
  atSeq: true,
  uploadedById: true,
  uploadedAt: true,
  phones: true,
  invalid: true,
  matched: true,
  pending: true,
  missing: true,
  extra: true,
  foreign: true,
  comparedTo: true,
  repairMissingById: true,
  repairExtraById: true,
} as const satisfies Prisma.ReconciliationSelect
export type Reconciliation = Prisma.ReconciliationGetPayload<{ select: typeof HEAD }>

export const findReconciliation = (id: string, tx: Tx = db): Promise<Reconciliation | null> =>
  tx.reconciliation.findUnique({ where: { id }, select: HEAD })

export async function saveReconciliation(
  tx: Tx,
  id: string,
  data: Prisma.ReconciliationUncheckedUpdateInput,
): Promise<void> {
  await tx.reconciliation.update({ where: { id }, data, select: { id: true } })
}

export const addListed = (reconciliationId: string, keys: readonly string[]): Promise<number> =>
  db.$executeRaw`
    INSERT INTO listed_keys (reconciliation_id, key14)
    SELECT ${reconciliationId}::uuid, unnest(${[...keys]}::bpchar[]) ON CONFLICT DO NOTHING`

export const forgetListed = (tx: Tx, reconciliationId: string) =>
  tx.listedKey.deleteMany({ where: { reconciliationId } })

/** Ends `comparedTo`: every phone has been compared. */
export const LAST = '9'.repeat(14)

/** Returns a key that sorts after every 15-digit number of a phone. */
const beyond = (key14: string): string => (key14 === '' ? '' : `${key14}9`)

/**
 * Compares one page of phones with the book's last line on each, and stores the differences. Lines without an answer, and lines
 * from after the list was taken, are no difference. The page ends `size` phones on in the list or in the book, whichever comes
 * first.
 */
export async function comparePage(
  tx: Tx,
  { id, carrierId, comparedTo, atSeq }: Reconciliation,
  size: number,
) {
  const [page] = await tx.$queryRaw<{ end: string | null }[]>`
    SELECT least(
      (SELECT key14 FROM listed_keys WHERE reconciliation_id = ${id}::uuid AND key14 > ${comparedTo}::bpchar
        ORDER BY key14 OFFSET ${size} LIMIT 1),
      (SELECT left(imei::text, 14)::bpchar FROM book_entries
        WHERE carrier_id = ${carrierId} AND imei > ${beyond(comparedTo)}::bpchar ORDER BY imei OFFSET ${size} LIMIT 1)
    )::text AS end`
  const end = page?.end ?? LAST
  const [counts] = await tx.$queryRaw<Record<'matched' | 'pending' | DifferenceKind, number>[]>`
    WITH told AS MATERIALIZED (
      SELECT key14::text FROM listed_keys
      WHERE reconciliation_id = ${id}::uuid AND key14 > ${comparedTo}::bpchar AND key14 <= ${end}::bpchar
    ), book AS MATERIALIZED (
      SELECT DISTINCT ON (imei) left(imei::text, 14) AS key14, seq, action, outcome, order_id
      FROM book_entries WHERE carrier_id = ${carrierId} AND imei NOT LIKE '00%'
        AND imei > ${beyond(comparedTo)}::bpchar AND imei <= ${beyond(end)}::bpchar
      ORDER BY imei, seq DESC
    ), compared AS MATERIALIZED (
      SELECT coalesce(told.key14, book.key14) AS key14, book.order_id, CASE
        WHEN book.key14 IS NULL THEN 'foreign'
        WHEN book.seq > ${atSeq} THEN 'pending'
        WHEN book.action = 'block' AND book.outcome IN ('applied', 'already')
          THEN CASE WHEN told.key14 IS NULL THEN 'missing' ELSE 'matched' END
        WHEN book.action = 'block' THEN 'pending'
        WHEN told.key14 IS NULL THEN 'lifted'
        WHEN book.outcome IN ('applied', 'already', 'not_found') THEN 'extra'
        ELSE 'pending' END AS verdict
      FROM told FULL JOIN book ON book.key14 = told.key14
    ), kept AS (
      INSERT INTO differences (reconciliation_id, kind, key14, order_id)
      SELECT ${id}::uuid, verdict::difference_kind, key14, order_id FROM compared
      WHERE verdict IN ('missing', 'extra', 'foreign')
    ), gone AS (
      DELETE FROM listed_keys
      WHERE reconciliation_id = ${id}::uuid AND key14 > ${comparedTo}::bpchar AND key14 <= ${end}::bpchar
    )
    SELECT count(*) FILTER (WHERE verdict = 'matched')::int AS matched,
      count(*) FILTER (WHERE verdict = 'pending')::int AS pending,
      count(*) FILTER (WHERE verdict = 'missing')::int AS missing,
      count(*) FILTER (WHERE verdict = 'extra')::int AS extra,
      count(*) FILTER (WHERE verdict = 'foreign')::int AS foreign
    FROM compared`
  if (!counts) throw new Error('a comparison counted nothing')
  return { end, counts }
}

export async function saveDifferences(
  tx: Tx,
  reconciliationId: string,
  kind: RepairKind,
  keys: readonly string[],
  data: { readonly repairId: string } | { readonly overtaken: true },
): Promise<void> {
  await tx.difference.updateMany({ where: { reconciliationId, kind, key14: { in: [...keys] } }, data })
}

export async function forgetReconciliations(before: Instant): Promise<number> {
  const old = await db.reconciliation.findMany({
    where: { uploadedAt: { lt: before } },
    take: 20,
    select: { id: true },
  })
  for (const { id } of old) {
    await forgetListed(db, id)
    await db.reconciliation.deleteMany({ where: { id } })
  }
  return old.length
}

const SHOWN = 20

export const reaches = (actor: Actor, carrierId: string): boolean => {
  if (actor.kind === 'carrier') return actor.id === carrierId
  const scope = actor.kind === 'staff' ? carrierScope(actor) : null
  return scope !== null && reachesCarrier(scope, carrierId)
}

export const carrierReconciliations = async (actor: Actor, carrierId: string): Promise<Reconciliation[]> =>
  reaches(actor, carrierId)
    ? db.reconciliation.findMany({
        where: { carrierId },
        orderBy: [{ uploadedAt: 'desc' }, { id: 'desc' }],
        take: SHOWN,
        select: HEAD,
      })
    : []

export async function reconciliation(actor: Actor, id: string): Promise<Reconciliation | null> {
  const one = await findReconciliation(id)
  return one && reaches(actor, one.carrierId) ? one : null
}

export const findRepairAsker = (one: Reconciliation, kind: RepairKind): string | null =>
  kind === 'missing' ? one.repairMissingById : one.repairExtraById

/**
 * Returns a page of differences of one kind in order of phones, and the phone after which the next page begins. The caller has
 * checked access to the reconciliation.
 */
export async function differences(
  { id }: Reconciliation,
  kind: DifferenceKind,
  after: string,
  limit: number,
) {
  const rows = await db.difference.findMany({
    where: { reconciliationId: id, kind, key14: { gt: after } },
    orderBy: { key14: 'asc' },
    take: limit + 1,
    select: { key14: true, orderId: true, repairId: true, overtaken: true },
  })
  const shown = rows.slice(0, limit)
  return {
    differences: shown.map((row) => ({ ...row, imei: fullImei(row.key14) })),
    next: rows.length > limit ? (shown.at(-1)?.key14 ?? null) : null,
  }
}
export type DifferencesPage = Awaited<ReturnType<typeof differences>>
