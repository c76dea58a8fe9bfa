import '#server-only'
import type { CaseSnapshot } from '#features/cases/record/snapshot-rules.ts'
import { contactHash } from '#features/contact-codes/data.ts'
import { monthsBefore } from '#features/privacy/erasure/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type CaseScope, staffScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { db } from '#platform/db.ts'
import { retention } from '#platform/env.ts'
import { inScope } from '#platform/scope.ts'
import { writeObjectionScope } from './data.ts'
import { type ObjectionSearch, readObjectionSearch } from './rules.ts'

const ROW = {
  ...{ id: true, number: true, state: true, imei: true, unitId: true, inspection: true, inspectedAt: true },
  ...{ renewedAt: true, sentAt: true, dueAt: true },
  against: {
    select: {
      ...{ number: true, state: true, sharedAt: true, sharedDueAt: true },
      ...{ objectionAnsweredAt: true, unblockVerifiedById: true },
    },
  },
} as const satisfies Prisma.ObjectionSelect
export type QueuedObjection = Prisma.ObjectionGetPayload<{ select: typeof ROW }>
type Place = Pick<QueuedObjection, 'dueAt' | 'id'>

const PAGE = 25

async function pageOf(scope: CaseScope, search: ObjectionSearch | null, after: Place | null) {
  const found = await inScope(scope, () =>
    db.objection.findMany({
      where: {
        AND: [
          writeObjectionScope(scope),
          search === null ? { waiting: true } : meantBy(search),
          // This first condition lets the query use the index.
          after === null
            ? {}
            : {
                dueAt: { gte: after.dueAt },
                OR: [{ dueAt: { gt: after.dueAt } }, { id: { gt: after.id } }],
              },
        ],
      },
      orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
      take: PAGE + 1,
      select: ROW,
    }),
  )
  const rows = found.slice(0, PAGE)
  return { rows, next: found.length > PAGE ? (rows.at(-1) ?? null) : null }
}

function meantBy(search: ObjectionSearch): Prisma.ObjectionWhereInput {
  if ('number' in search) return { number: search.number }
  if ('caseNumber' in search) return { against: { number: search.caseNumber } }
  if ('imeiKey' in search) return { key14: search.imeiKey }
  return { contactHash: contactHash(search.contact) }
}

/** Returns a page of the waiting objections in an officer's scope, the earliest due first. */
export async function objectionQueue(actor: StaffActor, after: Place | null) {
  const scope = staffScope(actor)
  return scope ? pageOf(scope, null, after) : { rows: [], next: null }
}

/**
 * Searches the objections in an officer's scope, closed ones too, page by page; null if the text is no number, IMEI or contact.
 */
export async function findObjections(actor: StaffActor, text: string, after: Place | null, now: Instant) {
  const scope = staffScope(actor)
  const search = readObjectionSearch(text, now)
  return scope && search && pageOf(scope, search, after)
}

export async function objectionsWaiting(actor: StaffActor, now: Instant) {
  const scope = staffScope(actor)
  if (!scope) return { open: 0, overdue: 0 }
  const of = { AND: [writeObjectionScope(scope), { waiting: true, state: 'open' as const }] }
  return inScope(scope, async () => ({
    open: await db.objection.count({ where: of }),
    overdue: await db.objection.count({ where: { AND: [of, { dueAt: { lt: now } }] } }),
  }))
}

/** Returns the newest objections to a case's block. The reader must have access to the case. */
export const objectionsAgainst = (scope: CaseScope, caseId: string) =>
  inScope(scope, () =>
    db.objection.findMany({
      where: { AND: [writeObjectionScope(scope), { againstId: caseId }] },
      orderBy: { sentAt: 'desc' },
      take: 10,
      select: { number: true, state: true, sentAt: true, hearingUntil: true },
    }),
  )

/** Returns when an objection to a case was last deleted, or null. The reader must have access to the case. */
export async function objectionsDeletedAt(
  { id, submittedAt }: Pick<CaseSnapshot, 'id' | 'submittedAt'>,
  now: Instant,
): Promise<Instant | null> {
  // Objections are kept this long, so a younger case cannot have lost one.
  if (submittedAt > monthsBefore(now, retention().objectionMonths)) return null
  const entry = await db.auditEntry.findFirst({
    where: { caseId: id, act: 'objection.erase' },
    orderBy: { id: 'desc' },
    select: { at: true },
  })
  return entry?.at ?? null
}
