import '#server-only'
import { randomUUID } from 'node:crypto'
import { approvalFor } from '#features/approvals/data.ts'
import { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { OrderReason } from '../orders/rules.ts'
import { releaseDecision, releaseSubject } from './rules.ts'

/**
 * Returns the open release for new blocks (the guard's, or a carrier's batch), and opens one if there is none. Its row stays
 * locked until the transaction ends, so that nobody asks to send it in between.
 */
export async function joinRelease(tx: Tx, batchOf: string | null, at: Instant) {
  const id = randomUUID()
  const cause = batchOf === null ? 'guard' : 'choice'
  // The predicates must match the two partial unique indexes of the schema.
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

export async function lockRelease(tx: Tx, id: string) {
  await tx.$queryRaw`SELECT 1 FROM order_releases WHERE id = ${id}::uuid FOR UPDATE`
  return tx.orderRelease.findUnique({ where: { id } })
}

export type Release = NonNullable<Awaited<ReturnType<typeof lockRelease>>>

export async function saveRelease(
  tx: Tx,
  id: string,
  data: Prisma.OrderReleaseUncheckedUpdateInput,
): Promise<void> {
  await tx.orderRelease.update({ where: { id }, data, select: { id: true } })
}

const findOpenReleases = () =>
  db.orderRelease.findMany({
    where: { state: { notIn: ['sent', 'withheld'] } },
    orderBy: [{ openedAt: 'asc' }, { id: 'asc' }],
    take: 100,
  })

export async function findCarriersWaiting(releaseId: string, tx: Tx = db): Promise<string[]> {
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
  /** True if two people of the relay withheld its case, or the whole release. */
  readonly withheld: boolean
}

const findNumbers = (caseIds: readonly string[]) =>
  inScope(
    systemScope(),
    () => db.$queryRaw<{ id: string; number: string }[]>`
      SELECT id, number FROM cases WHERE id = ANY(${[...caseIds]}::uuid[]) ORDER BY number`,
  )

/** A release's cases by carrier, police area or reason: exactly one of the three is set. */
interface ReleaseShare {
  readonly carrierId: string | null
  readonly unitId: string | null
  readonly reason: OrderReason | null
  readonly cases: number
}

/** Returns a release's composition, the largest share first: it shows whether this is a busy day or something else. */
const findShares = (releaseId: string) =>
  inScope(
    systemScope(),
    () => db.$queryRaw<ReleaseShare[]>`
      SELECT o.carrier_id AS "carrierId", c.unit_id AS "unitId", o.reason::text,
        count(DISTINCT o.case_id)::int AS cases
      FROM carrier_orders o JOIN cases c ON c.id = o.case_id WHERE o.release_id = ${releaseId}::uuid
      GROUP BY GROUPING SETS ((o.carrier_id), (c.unit_id), (o.reason)) ORDER BY cases DESC, 1, 2, 3`,
  )

interface ReleaseCase {
  readonly id: string
  readonly number: string
  readonly unitId: string
  readonly reason: OrderReason
  readonly orderId: string
  /** The last four digits of each phone. */
  readonly endings: readonly string[]
  /** The first and the second decider: of verifying and approving, or of asking for and confirming a temporary block. */
  readonly firstById: string | null
  readonly secondById: string | null
  /** True if any of its orders still waits. */
  readonly waiting: boolean
}

/** Returns some cases of a release, the newest first. The names reveal a captured pair of accounts. */
const findCases = (releaseId: string, limit: number, skip: number) =>
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

async function withCounts(releases: readonly Release[]) {
  const asked = releases.filter(({ state }) => state === 'asked').map(({ id }) => releaseSubject(id))
  const [rows, requests] = await Promise.all([
    db.$queryRaw<{ id: string; orders: number; waiting: number; cases: number }[]>`
      SELECT release_id AS id, count(*)::int AS orders, count(DISTINCT case_id)::int AS cases,
        count(*) FILTER (WHERE state = 'queued')::int AS waiting
      FROM carrier_orders WHERE release_id = ANY(${releases.map(({ id }) => id)}::uuid[]) GROUP BY 1`,
    db.approval.findMany({ where: { subject: { in: asked }, state: 'asked' }, select: { subject: true } }),
  ])
  const counts = new Map(rows.map((row) => [row.id, row]))
  const open = new Set(requests.map(({ subject }) => subject))
  return releases.map((one) => ({
    ...{ orders: 0, cases: 0, waiting: 0, ...counts.get(one.id), ...one },
    /** True if its request was refused or withdrawn and nobody has made another: two people still decide. */
    dropped: one.state === 'asked' && !open.has(releaseSubject(one.id)),
  }))
}

export type CountedRelease = Awaited<ReturnType<typeof withCounts>>[number]

const PAGE = 25

/**
 * Returns a page of releases for the relay: first the open ones, the oldest first (first page only), then all, the newest first.
 */
export async function listReleases(actor: StaffActor, after: string | null) {
  if (!may(actor.role, 'order:read')) return { open: [], all: [], next: null }
  const [open, found] = await Promise.all([
    after === null ? findOpenReleases() : [],
    db.orderRelease.findMany({
      orderBy: [{ openedAt: 'desc' }, { id: 'desc' }],
      ...(after !== null && { cursor: { id: after }, skip: 1 }),
      take: PAGE + 1,
    }),
  ])
  const page = found.slice(0, PAGE)
  const counted = await withCounts([...open, ...page])
  return {
    open: counted.slice(0, open.length),
    all: counted.slice(open.length).filter(({ state }) => state === 'sent' || state === 'withheld'),
    next: found.length > PAGE ? (page.at(-1)?.id ?? null) : null,
  }
}

export const releaseModes = async (actor: StaffActor) =>
  may(actor.role, 'order:read')
    ? db.carrier.findMany({
        orderBy: { ordinal: 'asc' },
        select: { id: true, name: true, releaseMode: true, releaseTimes: true },
      })
    : []

export async function countReleasesWaiting(actor: StaffActor): Promise<number> {
  if (!may(actor.role, 'order:read')) return 0
  return (await findOpenReleases()).filter(({ state }) => state === 'waiting' || state === 'asked').length
}

const CASES_A_PAGE = 200

/**
 * Returns one release with its composition and a page of its cases, the newest first; pages begin at 1. Null if there is none.
 */
export async function findRelease(actor: StaffActor, id: string, page = 1) {
  const found = may(actor.role, 'order:read') ? await db.orderRelease.findUnique({ where: { id } }) : null
  if (!found) return null
  // The request of one person that waits for a second.
  const request = await approvalFor(actor, releaseSubject(id), new Date())
  const chosen = request ? releaseDecision.parse(request.content).withheld : found.withheldCaseIds
  const [[release], shares, cases, withheld] = await Promise.all([
    withCounts([found]),
    findShares(id),
    findCases(id, CASES_A_PAGE + 1, (page - 1) * CASES_A_PAGE),
    findNumbers(chosen),
  ])
  if (!release) return null
  return {
    release,
    byCarrier: countBy(shares, ({ carrierId }) => carrierId),
    byArea: countBy(shares, ({ unitId }) => unitId),
    byReason: countBy(shares, ({ reason }) => reason),
    cases: cases.slice(0, CASES_A_PAGE),
    more: cases.length > CASES_A_PAGE,
    request,
    withheld,
  }
}

const countBy = <K extends string>(
  shares: readonly ReleaseShare[],
  key: (share: ReleaseShare) => K | null,
): Map<K, number> =>
  new Map(
    shares.flatMap((share) => {
      const name = key(share)
      return name === null ? [] : [[name, share.cases] as const]
    }),
  )

/** Returns a release for a request about it, with the numbers of the cases to leave out; null if there is none. */
export async function findAskedRelease(actor: StaffActor, id: string, withheld: readonly string[]) {
  const found = may(actor.role, 'order:read') ? await db.orderRelease.findUnique({ where: { id } }) : null
  if (!found) return null
  const [[counted], cases] = await Promise.all([withCounts([found]), findNumbers(withheld)])
  return counted ? { ...counted, withheld: cases.map(({ number }) => number) } : null
}
