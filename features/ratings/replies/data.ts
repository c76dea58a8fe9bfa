import '#server-only'
import { findAgencyVersions } from '#features/agencies/data.ts'
import type { Agency } from '#features/agencies/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type AgencyVoiceScope, voiceScope } from '#lib/access/scope.ts'
import type { Cursor } from '#lib/cursor.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import { DRAFTS_MOST, type DraftWords, type PublishedReply } from './rules.ts'

/** Loaded without its comments, so that none can leak. */
export interface Reply extends PublishedReply {
  readonly revision: number
}

const day = (date: Date): string => date.toISOString().slice(0, 10)

const select = {
  id: true,
  saidVi: true,
  saidEn: true,
  answerVi: true,
  answerEn: true,
  promiseVi: true,
  promiseEn: true,
  dueOn: true,
  keptAt: true,
  doneVi: true,
  doneEn: true,
  publishedAt: true,
  revision: true,
  changes: {
    orderBy: { revision: 'asc' },
    select: {
      promiseVi: true,
      promiseEn: true,
      dueOn: true,
      reasonVi: true,
      reasonEn: true,
      changedAt: true,
    },
  },
  withdrawnAt: true,
  withdrawnVi: true,
  withdrawnEn: true,
  replaces: { select: { publishedAt: true } },
  replacedBy: { select: { publishedAt: true } },
} as const

function asReply(row: Prisma.AgencyReplyGetPayload<{ select: typeof select }>): Reply {
  const { promiseVi, promiseEn, dueOn, keptAt, doneVi, doneEn, changes, ...rest } = row
  const { withdrawnAt, withdrawnVi, withdrawnEn, replaces, replacedBy, ...words } = rest
  return {
    ...words,
    promise: promiseVi === null || dueOn === null ? null : { promiseVi, promiseEn, dueOn: day(dueOn) },
    kept: keptAt === null || doneVi === null ? null : { doneVi, doneEn, at: keptAt },
    changes: changes.map((change) => ({ ...change, dueOn: day(change.dueOn) })),
    withdrawn:
      withdrawnAt === null || withdrawnVi === null
        ? null
        : { reasonVi: withdrawnVi, reasonEn: withdrawnEn, at: withdrawnAt },
    replaces: replaces?.publishedAt ?? null,
    replacedAt: replacedBy?.publishedAt ?? null,
  }
}

/** Locks and returns an open promise of the agency; null if there is none as of `revision`. */
export async function lockPromise(
  tx: Tx,
  {
    scope,
    replyId,
    revision,
  }: { readonly scope: AgencyVoiceScope; readonly replyId: string; readonly revision: number },
) {
  const [row] = await tx.$queryRaw<{ promiseVi: string; promiseEn: string | null; dueOn: Date }[]>`
    SELECT promise_vi AS "promiseVi", promise_en AS "promiseEn", due_on AS "dueOn" FROM survey_replies
    WHERE id = ${replyId}::uuid AND agency_id = ${scope.agencyId} AND revision = ${revision}
      AND due_on IS NOT NULL AND kept_at IS NULL AND withdrawn_at IS NULL FOR UPDATE`
  return row ?? null
}

/** Marks up to `take` open promises due by a day as reminded for that due day, and returns them. */
export const takeDuePromises = (tx: Tx, by: string, take: number) => tx.$queryRaw<
  { id: string; agencyId: string; dueOn: Date }[]
>`
  UPDATE survey_replies SET reminded_for = due_on WHERE id IN (
    SELECT id FROM survey_replies
    WHERE due_on IS NOT NULL AND kept_at IS NULL AND withdrawn_at IS NULL
      AND due_on <= ${by}::date AND reminded_for IS DISTINCT FROM due_on
    ORDER BY due_on, id LIMIT ${take} FOR UPDATE SKIP LOCKED)
  RETURNING id, agency_id AS "agencyId", due_on AS "dueOn"`

/** Returns the accounts that get an agency's reminders: those that read its comments and can sign in. */
export const listViewers = (tx: Tx, agencyId: string) =>
  tx.staffAccount.findMany({
    where: { role: 'agency_viewer', agencyId, active: true, totpSecret: { not: null } },
    orderBy: { id: 'asc' },
    take: 50,
    select: { id: true },
  })

/** Returns the e-mail address of such an account; null if it is no longer active. */
export const findViewerAddress = async (accountId: string): Promise<string | null> => {
  const account = await db.staffAccount.findFirst({
    where: { id: accountId, active: true },
    select: { email: true },
  })
  return account?.email ?? null
}

/** Counts the overdue open promises of all agencies, and those due from today until `by`, each up to `most`. */
export async function countPromisesDue(today: string, by: string, most: number) {
  const count = (dueOn: Prisma.DateTimeNullableFilter) =>
    db.agencyReply.count({ where: { keptAt: null, withdrawnAt: null, dueOn }, take: most })
  const [overdue, soon] = await Promise.all([
    count({ lt: new Date(today) }),
    count({ gte: new Date(today), lte: new Date(by) }),
  ])
  return { overdue, soon }
}

const PAGE = 20

export interface ReplyPage {
  readonly rows: readonly Reply[]
  readonly next: Cursor | null
}

/** Returns an agency's public replies to its comments, last first, and the start of the next page. */
export async function listReplies(agencyId: string, after: Cursor | null, take = PAGE): Promise<ReplyPage> {
  const found = await db.agencyReply.findMany({
    where: {
      agencyId,
      ...(after && {
        publishedAt: { lte: after.at },
        OR: [{ publishedAt: { lt: after.at } }, { id: { lt: after.id } }],
      }),
    },
    orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
    take: take + 1,
    select,
  })
  const rows = found.slice(0, take).map(asReply)
  const last = rows.at(-1)
  return { rows, next: found.length > take && last ? { at: last.publishedAt, id: last.id } : null }
}

/** Returns the same page with the agency's current or last version; null for an unknown agency. */
export async function listAgencyReplies(
  agencyId: string,
  after: Cursor | null,
  now: Instant,
): Promise<(ReplyPage & { readonly agency: Agency }) | null> {
  const [versions, page] = await Promise.all([
    findAgencyVersions(agencyId, localDate(now)),
    listReplies(agencyId, after),
  ])
  const agency = versions.at(-1)
  return agency === undefined ? null : { agency, ...page }
}

/** Returns the replies that the actor's agency withdrew and has not replaced, last withdrawn first. */
export async function listWithdrawnReplies(actor: StaffActor) {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'agency') return []
  return db.agencyReply.findMany({
    where: { agencyId: scope.agencyId, withdrawnAt: { not: null }, replacedBy: null },
    orderBy: { withdrawnAt: 'desc' },
    take: PAGE,
    select: { id: true, saidVi: true, publishedAt: true },
  })
}

export async function listReplyDrafts(actor: StaffActor): Promise<readonly ReplyDraft[]> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? listDrafts(scope, DRAFTS_MOST) : []
}

export async function findReplyDraft(actor: StaffActor, id: string): Promise<ReplyDraft | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'agency') return null
  const where = { id, agencyId: scope.agencyId }
  const row = await db.agencyReplyDraft.findFirst({ where, select: draftSelect })
  return row && asDraft(row)
}

export async function findOwnReply(actor: StaffActor, id: string): Promise<Reply | null> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'agency') return null
  const row = await db.agencyReply.findFirst({ where: { id, agencyId: scope.agencyId }, select })
  return row && asReply(row)
}

const draftSelect = { id: true, commentIds: true, words: true, revision: true, savedAt: true } as const
const asDraft = ({ words, ...row }: Prisma.AgencyReplyDraftGetPayload<{ select: typeof draftSelect }>) => ({
  ...row,
  words: words as DraftWords,
})
type ReplyDraft = ReturnType<typeof asDraft>

export async function listDrafts(scope: AgencyVoiceScope, take: number): Promise<ReplyDraft[]> {
  const rows = await db.agencyReplyDraft.findMany({
    where: { agencyId: scope.agencyId },
    orderBy: [{ savedAt: 'desc' }, { id: 'asc' }],
    take,
    select: draftSelect,
  })
  return rows.map(asDraft)
}
