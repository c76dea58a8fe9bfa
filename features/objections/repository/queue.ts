import '#server-only'
import type { CaseState } from '#features/cases/rules/state.ts'
import { contactHash } from '#features/contact-codes/queries.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { CaseScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { inScope } from '#platform/scope.ts'
import type { ObjectionSearch } from '../rules/search.ts'
import type { ObjectionState } from '../rules/state.ts'
import { objectionInScope } from './objections.ts'

/** One objection in the police's list, without personal data. */
export interface QueuedObjection {
  readonly id: string
  readonly number: string
  readonly state: ObjectionState
  readonly imei: string
  readonly unitId: string | null
  readonly inspection: boolean
  readonly inspectedAt: Instant | null
  readonly renewedAt: Instant | null
  readonly sentAt: Instant | null
  readonly dueAt: Instant
  readonly against: {
    readonly number: string
    readonly state: CaseState
    readonly sharedAt: Instant | null
    readonly sharedDueAt: Instant | null
    readonly objectionAnsweredAt: Instant | null
    readonly unblockVerifiedById: string | null
  } | null
}

const ROW = {
  id: true,
  number: true,
  state: true,
  imei: true,
  unitId: true,
  inspection: true,
  inspectedAt: true,
  renewedAt: true,
  sentAt: true,
  dueAt: true,
  against: {
    select: {
      number: true,
      state: true,
      sharedAt: true,
      sharedDueAt: true,
      objectionAnsweredAt: true,
      unblockVerifiedById: true,
    },
  },
} as const

export interface QueuePlace {
  readonly dueAt: Instant
  readonly id: string
}

/** Returns the condition that a search means, in the columns that it is found by. */
const found = (search: ObjectionSearch): Prisma.ObjectionWhereInput => {
  if ('number' in search) return { number: search.number }
  if ('caseNumber' in search) return { against: { number: search.caseNumber } }
  if ('imeiKey' in search) return { key14: search.imeiKey }
  return { contactHash: contactHash(search.contact) }
}

/** Returns what waits, or what a search means, the longest due first, from behind a place on. */
export const objectionsAfter = (
  scope: CaseScope,
  search: ObjectionSearch | null,
  after: QueuePlace | null,
  take: number,
): Promise<QueuedObjection[]> =>
  inScope(scope, () =>
    db.objection.findMany({
      where: {
        AND: [
          objectionInScope(scope),
          search === null ? { waiting: true } : found(search),
          // The first condition is what the index is entered by.
          ...(after
            ? [
                {
                  dueAt: { gte: after.dueAt },
                  OR: [{ dueAt: { gt: after.dueAt } }, { id: { gt: after.id } }],
                },
              ]
            : []),
        ],
      },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      take,
      select: ROW,
    }),
  )

/** Counts the objections that wait for police in a scope, and the overdue ones among them. */
export async function countOpen(scope: CaseScope, now: Instant) {
  const of = { AND: [objectionInScope(scope), { waiting: true, state: 'open' as const }] }
  const [open, overdue] = await inScope(scope, () =>
    Promise.all([
      db.objection.count({ where: of }),
      db.objection.count({ where: { AND: [of, { dueAt: { lt: now } }] } }),
    ]),
  )
  return { open, overdue }
}

/** Returns every objection to one case's block, the newest first. */
export const againstCase = (scope: CaseScope, caseId: string) =>
  inScope(scope, () =>
    db.objection.findMany({
      where: { AND: [objectionInScope(scope), { againstId: caseId }] },
      orderBy: { sentAt: 'desc' },
      take: 10,
      select: { number: true, state: true, sentAt: true },
    }),
  )
