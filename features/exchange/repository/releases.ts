import '#server-only'
import { randomUUID } from 'node:crypto'
import { Prisma } from '#generated/prisma/client.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { ReleaseMode, ReleaseOutcome, ReleaseState } from '../rules/guard.ts'
import type { OrderReason } from '../rules/order.ts'

/**
 * Returns the release that blocks come to now (the guard's, or a carrier's batch), and opens it where there is none.
 * The transaction that joins holds it until its end, so that nobody asks to send it in between.
 */
export async function joinRelease(
  tx: Tx,
  batchOf: string | null,
  at: Instant,
): Promise<{ readonly id: string; readonly opened: boolean }> {
  const id = randomUUID()
  const cause = batchOf === null ? 'guard' : 'choice'
  // The two partial unique indexes, as their predicates stand in the schema.
  const waiting =
    batchOf === null
      ? Prisma.sql`(cause) WHERE cause = 'guard' AND state = 'waiting'`
      : Prisma.sql`(carrier_id) WHERE cause = 'choice' AND state = 'waiting'`
  const [release] = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO order_releases (id, cause, carrier_id, state, opened_at)
    VALUES (${id}::uuid, ${cause}::release_cause, ${batchOf}, 'waiting', ${at})
    ON CONFLICT ${waiting} DO UPDATE SET opened_at = order_releases.opened_at RETURNING id`
  if (!release) throw new Error('a release was neither opened nor found')
  return { id: release.id, opened: release.id === id }
}

export const insertQueued = (tx: Tx, data: Prisma.QueuedOrderUncheckedCreateInput) =>
  tx.queuedOrder.create({ data, select: { orderId: true } })

const HEAD = {
  id: true,
  cause: true,
  carrierId: true,
  state: true,
  openedAt: true,
  requestedOutcome: true,
  reason: true,
  withheldCaseIds: true,
  askedById: true,
  askedAt: true,
  decidedById: true,
  decidedAt: true,
  doneAt: true,
} as const satisfies Prisma.OrderReleaseSelect

type Row = Prisma.OrderReleaseGetPayload<{ select: typeof HEAD }>
export interface Release extends Omit<Row, 'requestedOutcome'> {
  readonly requestedOutcome: ReleaseOutcome | null
}
const read = (row: Row): Release => ({
  ...row,
  requestedOutcome: row.requestedOutcome as ReleaseOutcome | null,
})

export async function findRelease(id: string): Promise<Release | null> {
  const row = await db.orderRelease.findUnique({ where: { id }, select: HEAD })
  return row && read(row)
}

/** Returns one release, locked until the transaction ends. */
export async function lockRelease(tx: Tx, id: string): Promise<Release | null> {
  await tx.$queryRaw`SELECT 1 FROM order_releases WHERE id = ${id}::uuid FOR UPDATE`
  const row = await tx.orderRelease.findUnique({ where: { id }, select: HEAD })
  return row && read(row)
}

export async function saveRelease(
  tx: Tx,
  id: string,
  data: Prisma.OrderReleaseUncheckedUpdateInput,
): Promise<void> {
  await tx.orderRelease.update({ where: { id }, data, select: { id: true } })
}

/** Returns releases that are not done yet, the oldest first. */
export const openReleases = async (): Promise<Release[]> =>
  (
    await db.orderRelease.findMany({
      where: { state: { notIn: ['sent', 'withheld'] } },
      orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
      take: 100,
      select: HEAD,
    })
  ).map(read)

/** Returns a page of all releases, the newest first. */
export const releasesAfter = async (after: string | null, take: number): Promise<Release[]> =>
  (
    await db.orderRelease.findMany({
      orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
      ...(after !== null && { cursor: { id: after }, skip: 1 }),
      take,
      select: HEAD,
    })
  ).map(read)

export interface WaitingBatch {
  readonly id: string
  readonly openedAt: Instant
  readonly releaseMode: ReleaseMode
  readonly releaseTimes: readonly string[]
}

/** Returns the batches that carriers wait for, with when they want them. */
export async function waitingBatches(): Promise<WaitingBatch[]> {
  const rows = await db.orderRelease.findMany({
    where: { cause: 'choice', state: 'waiting' },
    select: { id: true, openedAt: true, carrier: { select: { releaseMode: true, releaseTimes: true } } },
  })
  return rows.flatMap(({ carrier, ...row }) => (carrier ? [{ ...row, ...carrier }] : []))
}

/** Returns the releases that are decided and that the worker has still to send or to withhold. */
export const unfinished = (): Promise<{ id: string; state: ReleaseState }[]> =>
  db.orderRelease.findMany({
    where: { state: { in: ['sending', 'withholding'] } },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
    select: { id: true, state: true },
  })

/** Returns the carriers that a release still has orders for. */
export async function carriersWaiting(releaseId: string, tx: Tx = db): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT carrier_id AS id FROM carrier_orders
    WHERE release_id = ${releaseId}::uuid AND state = 'queued' ORDER BY 1`
  return rows.map(({ id }) => id)
}

export interface WaitingOrder {
  readonly id: string
  readonly caseId: string
  readonly reason: OrderReason
  readonly legalBasis: string
  readonly imeis: readonly string[]
  readonly expiresAt: Instant | null
  /** Tells whether two of the relay withheld its case, or the whole release. */
  readonly withheld: boolean
}

/**
 * Returns some orders of a release that still wait for a carrier whose book is locked, in the order in which they came.
 */
export const takeWaiting = (
  tx: Tx,
  releaseId: string,
  carrierId: string,
  limit: number,
): Promise<WaitingOrder[]> =>
  tx.$queryRaw<WaitingOrder[]>`
    SELECT o.id, o.case_id AS "caseId", o.reason::text, o.legal_basis AS "legalBasis", q.imeis,
      q.expires_at AS "expiresAt", r.state = 'withholding' OR o.case_id = ANY(r.withheld_case_ids) AS withheld
    FROM carrier_orders o JOIN queued_orders q ON q.order_id = o.id JOIN order_releases r ON r.id = o.release_id
    WHERE o.release_id = ${releaseId}::uuid AND o.carrier_id = ${carrierId} AND o.state = 'queued'
    ORDER BY o.queued_at, o.id LIMIT ${limit} FOR UPDATE OF o`

/** Returns the ids of the cases that still wait in a locked release. */
export async function casesWaiting(tx: Tx, releaseId: string): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT DISTINCT case_id AS id FROM carrier_orders
    WHERE release_id = ${releaseId}::uuid AND state = 'queued' AND case_id IS NOT NULL`
  return rows.map(({ id }) => id)
}

/** Returns the numbers of cases, by id. */
export const numbersOf = (caseIds: readonly string[]): Promise<{ id: string; number: string }[]> =>
  inScope(
    systemScope(),
    () => db.$queryRaw<{ id: string; number: string }[]>`
      SELECT id, number FROM cases WHERE id = ANY(${[...caseIds]}::uuid[]) ORDER BY number`,
  )

/** Returns the words with which two of the relay withheld a case's block. */
export async function withheldBecause(tx: Tx, caseId: string): Promise<string> {
  const order = await tx.carrierOrder.findFirst({
    where: {
      caseId,
      state: 'cancelled',
      release: {
        OR: [
          { state: { in: ['withholding', 'withheld'] } },
          { state: { in: ['sending', 'sent'] }, withheldCaseIds: { has: caseId } },
        ],
      },
    },
    orderBy: { issuedAt: 'desc' },
    select: { release: { select: { reason: true } } },
  })
  return order?.release?.reason ?? ''
}

/** The part of a release that belongs to a carrier, a police area or a reason: exactly one of the three is told. */
export interface ReleaseShare {
  readonly carrierId: string | null
  readonly unitId: string | null
  readonly reason: OrderReason | null
  readonly cases: number
}

/** Returns what a release is made up of, the most first: whether it looks like a busy day or like something else. */
export const sharesOf = (releaseId: string): Promise<ReleaseShare[]> =>
  inScope(
    systemScope(),
    () => db.$queryRaw<ReleaseShare[]>`
      SELECT o.carrier_id AS "carrierId", c.unit_id AS "unitId", o.reason::text,
        count(DISTINCT o.case_id)::int AS cases
      FROM carrier_orders o JOIN cases c ON c.id = o.case_id WHERE o.release_id = ${releaseId}::uuid
      GROUP BY GROUPING SETS ((o.carrier_id), (c.unit_id), (o.reason)) ORDER BY cases DESC, 1, 2, 3`,
  )

/** One case of a release: whose decision it is and what it names. */
export interface ReleaseCase {
  readonly id: string
  readonly number: string
  readonly unitId: string
  readonly reason: OrderReason
  /** One of its orders, for looking closer. */
  readonly orderId: string
  /** The last four digits of each phone. */
  readonly endings: readonly string[]
  /**
   * The person who decided first, and the one who agreed: they verified and approved, or asked for a temporary block
   * and confirmed it.
   */
  readonly firstById: string | null
  readonly secondById: string | null
  /** Tells whether any of its orders still waits. */
  readonly waiting: boolean
}

/** Returns some cases of a release, the newest first; a captured pair of accounts shows by its names. */
export const casesOf = (releaseId: string, limit: number, skip: number): Promise<ReleaseCase[]> =>
  inScope(
    systemScope(),
    () => db.$queryRaw<ReleaseCase[]>`
      SELECT c.id, c.number, c.unit_id AS "unitId", o.reason::text, o.id AS "orderId", o.waiting,
        ARRAY(SELECT right(i.imei, 4) FROM case_imeis i WHERE i.case_id = c.id ORDER BY i.ordinal) AS endings,
        CASE WHEN o.reason = 'hold' THEN CASE WHEN c.renewal_confirmed_by_id IS NULL THEN c.hold_asked_by_id
            ELSE c.renewal_asked_by_id END ELSE c.verified_by_id END AS "firstById",
        CASE WHEN o.reason = 'hold' THEN coalesce(c.renewal_confirmed_by_id, c.hold_confirmed_by_id) ELSE (SELECT e.actor_id FROM case_events e
          WHERE e.case_id = c.id AND e."to" = 'blocking' AND e."from" IS DISTINCT FROM e."to"
          ORDER BY e.seq DESC LIMIT 1) END AS "secondById"
      FROM (
        SELECT DISTINCT ON (case_id) case_id, id, reason, coalesce(queued_at, issued_at) AS at,
          bool_or(state = 'queued') OVER (PARTITION BY case_id) AS waiting
        FROM carrier_orders WHERE release_id = ${releaseId}::uuid AND case_id IS NOT NULL
        ORDER BY case_id, carrier_id
      ) o JOIN cases c ON c.id = o.case_id
      ORDER BY o.at DESC, c.number LIMIT ${limit} OFFSET ${skip}`,
  )

/** Counts the orders of each of these releases, and those of them that still wait. */
export async function countsOf(
  releaseIds: readonly string[],
): Promise<
  ReadonlyMap<string, { readonly orders: number; readonly waiting: number; readonly cases: number }>
> {
  const rows = await db.$queryRaw<{ id: string; orders: number; waiting: number; cases: number }[]>`
    SELECT release_id AS id, count(*)::int AS orders, count(DISTINCT case_id)::int AS cases,
      count(*) FILTER (WHERE state = 'queued')::int AS waiting
    FROM carrier_orders WHERE release_id = ANY(${[...releaseIds]}::uuid[]) GROUP BY 1`
  return new Map(rows.map(({ id, ...counts }) => [id, counts]))
}
