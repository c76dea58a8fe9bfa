import '#server-only'
import { type EventWords, opened, type ReportedParticulars } from '#features/cases/particulars/rules.ts'
import { holidays } from '#features/lookup-tables/data.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffRole } from '#lib/access/roles.ts'
import { type CaseScope, systemScope } from '#lib/access/scope.ts'
import type { Instant } from '#lib/time.ts'
import { type CaseKey, seal, unseal, unwrap } from '#platform/crypto.ts'
import { db, type Tx } from '#platform/db.ts'
import { env } from '#platform/env.ts'
import { WRAPPED_KEY } from '#platform/key-wrapper.ts'
import { inScope } from '#platform/scope.ts'
import { withUnits } from '#platform/units.ts'
import type { ObjectionCalendar, ObjectionMove } from './moves-rules.ts'
import type { ObjectionSnapshot } from './rules.ts'

/** Returns the WHERE condition of a scope; a draft is visible only to its browser. */
export function writeObjectionScope(scope: CaseScope): Prisma.ObjectionWhereInput {
  const sent = { state: { not: 'draft' as const } }
  switch (scope.kind) {
    case 'one':
      return { ...sent, id: scope.access === 'full' ? scope.caseId : { in: [] } }
    case 'unit':
      return scope.lent
        ? { ...sent, OR: [withUnits(scope), { againstId: { in: [...scope.lent] } }] }
        : { ...sent, ...withUnits(scope) }
    case 'city':
    case 'system':
      return sent
  }
}

export const OBJECTION_SNAPSHOT = {
  ...{ id: true, number: true, state: true, version: true, imei: true, againstId: true, unitId: true },
  ...{ inspection: true, inspectedAt: true, inspectionHeld: true, refusedById: true, refusedAt: true },
  ...{ renewedAt: true, hearingUntil: true, answeredAt: true, sentAt: true, dueAt: true },
  ...{ remindedAt: true, closedAt: true },
} as const satisfies Record<keyof ObjectionSnapshot, true>

/**
 * Returns an objection's facts for a decision; null if it does not exist or is outside the scope, so that a caller
 * cannot tell the two apart.
 */
export const findObjection = (
  scope: CaseScope,
  by: { readonly number: string } | { readonly id: string },
  tx: Tx = db,
): Promise<ObjectionSnapshot | null> =>
  inScope(scope, () =>
    tx.objection.findFirst({ where: { AND: [by, writeObjectionScope(scope)] }, select: OBJECTION_SNAPSHOT }),
  )

export type ObjectionFile = Awaited<ReturnType<typeof openObjectionFile>>

/** The sealing context of a sent objection. */
export const SEALED = 'objection'

export async function openObjectionFile(id: string, tx: Tx = db) {
  const {
    key: stored,
    sealed,
    ...row
  } = await tx.objection.findFirstOrThrow({
    where: { id },
    select: { sealed: true, locale: true, word: true, wordAt: true, key: { select: WRAPPED_KEY } },
  })
  const key = unwrap(id, stored)
  return { ...row, key, holder: opened(unseal<ReportedParticulars>(key, SEALED, sealed)) }
}

/** Returns the objections to a case's block that match `are`, in id order. */
export const findAgainst = (
  tx: Tx,
  caseId: string,
  are: Prisma.ObjectionWhereInput,
): Promise<ObjectionSnapshot[]> =>
  tx.objection.findMany({
    where: { AND: [{ againstId: caseId }, are] },
    orderBy: { id: 'asc' },
    select: OBJECTION_SNAPSHOT,
  })

export const findObjectionSecretHash = (number: string) =>
  inScope(systemScope(), () =>
    db.objection.findFirst({
      where: { number, state: { not: 'draft' } },
      select: { id: true, secretHash: true },
    }),
  )

export interface ObjectionEvent {
  readonly seq: number
  readonly at: Instant
  readonly move: ObjectionMove | 'submitted'
  readonly actorKind: 'citizen' | 'staff' | 'carrier' | 'receiver' | 'system'
  readonly actorId: string | null
  readonly actorRole: StaffRole | null
  readonly actorUnitId: string | null
  readonly reasonCode: string | null
  readonly words: EventWords
}

const wordsPlace = (seq: number) => `objection-event:${seq}`

export async function addObjectionEvent(
  tx: Tx,
  key: CaseKey,
  { words, ...event }: ObjectionEvent,
): Promise<void> {
  const hasWords = Object.values(words).some(Boolean)
  await tx.objectionEvent.create({
    data: {
      ...event,
      objectionId: key.caseId,
      sealed: hasWords ? seal(key, wordsPlace(event.seq), words) : null,
    },
    select: { seq: true },
  })
}

/** Returns an objection's events, newest first; without the key, without their texts. */
export async function listEventsOf(objectionId: string, key: CaseKey | null): Promise<ObjectionEvent[]> {
  const rows = await db.objectionEvent.findMany({
    where: { objectionId },
    orderBy: { seq: 'desc' },
    omit: { objectionId: true },
  })
  return rows.map(({ sealed, move, ...event }) => ({
    ...event,
    move: move as ObjectionEvent['move'],
    words: sealed && key ? unseal<EventWords>(key, wordsPlace(event.seq), sealed) : {},
  }))
}

const BATCH = 100

export const listAnswersExpired = (now: Instant): Promise<ObjectionSnapshot[]> =>
  db.objection.findMany({
    where: { state: 'info_requested', dueAt: { lte: now } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: OBJECTION_SNAPSHOT,
  })

/** Returns objections whose holder may be due a reminder of a question; `isReminderDue` decides for each. */
export async function listObjectionRemindersDue(now: Instant): Promise<ObjectionSnapshot[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT id FROM objections
    WHERE state = 'info_requested' AND due_at > ${now} AND due_at <= ${now}::timestamptz + interval '5 days'
      AND (reminded_at IS NULL OR reminded_at < due_at - interval '5 days'
        OR ${now}::timestamptz >= due_at - interval '1 day' AND reminded_at < due_at - interval '1 day')
    ORDER BY due_at, id LIMIT ${BATCH}`
  return db.objection.findMany({
    where: { id: { in: rows.map(({ id }) => id) } },
    select: OBJECTION_SNAPSHOT,
  })
}

/** Returns objections that still wait although their case's block has ended. */
export const listBlocksGone = () =>
  db.objection.findMany({
    where: { waiting: true, against: { objectedAt: null } },
    orderBy: [{ dueAt: 'asc' }, { id: 'asc' }],
    take: BATCH,
    select: { ...OBJECTION_SNAPSHOT, against: { select: { overturnedAt: true } } },
  })

/**
 * Deletes some objections that were closed before a time, with their keys, unless a legal hold on the case keeps them. Returns
 * the removed objections and the ids of their files.
 */
export async function removeClosed(
  tx: Tx,
  before: Instant,
): Promise<{ readonly removed: { id: string; againstId: string | null }[]; readonly files: string[] }> {
  const removed = await tx.$queryRaw<{ id: string; againstId: string | null }[]>`
    SELECT o.id, o.against_id AS "againstId" FROM objections o
    WHERE o.closed_at <= ${before}
      AND NOT EXISTS (SELECT 1 FROM legal_holds h WHERE h.case_id = o.against_id AND h.lifted_at IS NULL)
    ORDER BY o.closed_at, o.id LIMIT ${BATCH} FOR UPDATE SKIP LOCKED`
  const ids = removed.map(({ id }) => id)
  const files = await tx.evidence.findMany({ where: { caseId: { in: ids } }, select: { id: true } })
  await tx.caseKey.deleteMany({ where: { caseId: { in: ids } } })
  return { removed, files: files.map(({ id }) => id) }
}

export const readObjectionCalendar = async (now: Instant, tx?: Tx): Promise<ObjectionCalendar> => ({
  now,
  holidays: await holidays(tx),
  days: env().OBJECTION_WORKING_DAYS,
  hearingDays: env().OBJECTION_HEARING_DAYS,
})

/** Returns the working days that police have to decide, and those of them that the reporter has to answer. */
export const getObjectionDays = () => ({
  decision: env().OBJECTION_WORKING_DAYS,
  hearing: env().OBJECTION_HEARING_DAYS,
})
