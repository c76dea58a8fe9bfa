import '#server-only'
import { versionsOf } from '#features/agencies/data.ts'
import type { Agency } from '#features/agencies/rules.ts'
import type { Prisma } from '#generated/prisma/client.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { type AgencyVoiceScope, voiceScope } from '#lib/access/scope.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { db, type Tx } from '#platform/db.ts'
import {
  type ChangedPromise,
  type Commitment,
  type Deed,
  DRAFTS_MOST,
  type DraftWords,
  type PromiseChange,
  type PublishedReply,
  type ReplyKey,
  type WithdrawalReason,
  type WrittenReply,
} from './rules.ts'

/** No comment is read with it: nothing that is loaded can leak one. */
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

type Row = Omit<Reply, 'promise' | 'kept' | 'changes' | 'withdrawn' | 'replaces' | 'replacedAt'> & {
  readonly promiseVi: string | null
  readonly promiseEn: string | null
  readonly dueOn: Date | null
  readonly keptAt: Date | null
  readonly doneVi: string | null
  readonly doneEn: string | null
  readonly changes: readonly (Omit<PromiseChange, 'dueOn'> & { readonly dueOn: Date })[]
  readonly withdrawnAt: Date | null
  readonly withdrawnVi: string | null
  readonly withdrawnEn: string | null
  readonly replaces: { readonly publishedAt: Date } | null
  readonly replacedBy: { readonly publishedAt: Date } | null
}

function asReply(row: Row): Reply {
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

/** Returns an agency's published replies, from a place in their list on. */
async function repliesAfter(agencyId: string, after: ReplyKey | null, take: number): Promise<Reply[]> {
  const rows = await db.agencyReply.findMany({
    where: {
      agencyId,
      ...(after && {
        publishedAt: { lte: after.at },
        OR: [{ publishedAt: { lt: after.at } }, { id: { lt: after.id } }],
      }),
    },
    orderBy: [{ publishedAt: 'desc' }, { id: 'desc' }],
    take,
    select,
  })
  return rows.map(asReply)
}

/** Returns one of the agency's own replies. */
async function replyOf(scope: AgencyVoiceScope, id: string): Promise<Reply | null> {
  const row = await db.agencyReply.findFirst({ where: { id, agencyId: scope.agencyId }, select })
  return row && asReply(row)
}

const inColumns = (promise: Commitment) => ({ ...promise, dueOn: new Date(promise.dueOn) })

export async function insertReply(
  tx: Tx,
  scope: AgencyVoiceScope,
  id: string,
  { promise, ...words }: WrittenReply,
  { replacesId, publishedAt }: { readonly replacesId: string | null; readonly publishedAt: Instant },
): Promise<void> {
  const own = { id, agencyId: scope.agencyId, replacesId, publishedAt }
  await tx.agencyReply.create({
    data: { ...own, ...words, ...(promise && inColumns(promise)) },
    select: { id: true },
  })
}

/** Returns the replies that the agency withdrew and has not replaced, the last withdrawn first. */
const replaceable = (
  scope: AgencyVoiceScope,
  take: number,
): Promise<{ readonly id: string; readonly saidVi: string; readonly publishedAt: Instant }[]> =>
  db.agencyReply.findMany({
    where: { agencyId: scope.agencyId, withdrawnAt: { not: null }, replacedBy: null },
    orderBy: { withdrawnAt: 'desc' },
    take,
    select: { id: true, saidVi: true, publishedAt: true },
  })

/** Locks a reply that the agency withdrew until the transaction ends; false where it is none, or is replaced. */
export async function lockWithdrawnReply(tx: Tx, scope: AgencyVoiceScope, id: string): Promise<boolean> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT FROM survey_replies
    WHERE id = ${id}::uuid AND agency_id = ${scope.agencyId} AND withdrawn_at IS NOT NULL FOR UPDATE`
  // Asked after the wait for the lock: the transaction that had it may have replaced the reply.
  return locked.length === 1 && (await tx.agencyReply.count({ where: { replacesId: id } })) === 0
}

/** Withdraws one of the agency's own and lets its comments wait for an answer again; false as of another revision. */
export async function withdrawRow(
  tx: Tx,
  scope: AgencyVoiceScope,
  { id, revision }: { readonly id: string; readonly revision: number },
  { reasonVi, reasonEn }: WithdrawalReason,
  withdrawnAt: Instant,
): Promise<boolean> {
  const { count } = await tx.agencyReply.updateMany({
    where: { id, agencyId: scope.agencyId, revision, withdrawnAt: null },
    data: { withdrawnAt, withdrawnVi: reasonVi, withdrawnEn: reasonEn, revision: { increment: 1 } },
  })
  if (count === 1) await tx.surveyComment.updateMany({ where: { replyId: id }, data: { replyId: null } })
  return count === 1
}

/**
 * Returns an open promise of the agency's own, locked until the transaction ends; null where there is none as of
 * `revision`.
 */
export async function lockPromise(
  tx: Tx,
  scope: AgencyVoiceScope,
  id: string,
  revision: number,
): Promise<(Omit<Commitment, 'dueOn'> & { readonly dueOn: Date }) | null> {
  const [row] = await tx.$queryRaw<{ promiseVi: string; promiseEn: string | null; dueOn: Date }[]>`
    SELECT promise_vi AS "promiseVi", promise_en AS "promiseEn", due_on AS "dueOn" FROM survey_replies
    WHERE id = ${id}::uuid AND agency_id = ${scope.agencyId} AND revision = ${revision}
      AND due_on IS NOT NULL AND kept_at IS NULL AND withdrawn_at IS NULL FOR UPDATE`
  return row ?? null
}

export async function keepDeed(tx: Tx, id: string, deed: Deed, keptAt: Instant): Promise<void> {
  await tx.agencyReply.update({
    where: { id },
    data: { ...deed, keptAt, revision: { increment: 1 } },
    select: { id: true },
  })
}

/** Writes down what a promise was, then what it is now. */
export async function changePromiseRow(
  tx: Tx,
  id: string,
  revision: number,
  before: Omit<Commitment, 'dueOn'> & { readonly dueOn: Date },
  { promise, reasonVi, reasonEn }: ChangedPromise,
  changedAt: Instant,
): Promise<void> {
  await tx.agencyReplyChange.create({
    data: { replyId: id, revision, ...before, reasonVi, reasonEn, changedAt },
    select: { revision: true },
  })
  await tx.agencyReply.update({
    where: { id },
    data: { ...inColumns(promise), revision: { increment: 1 } },
    select: { id: true },
  })
}

/** A promise whose agency is to be reminded, and the day that it has now. */
interface DuePromise {
  readonly id: string
  readonly agencyId: string
  readonly dueOn: Date
}

/** Takes the open promises that fall due by a day and of which their agency has not been reminded for that day. */
export const takeDuePromises = (tx: Tx, by: string, take: number): Promise<DuePromise[]> => tx.$queryRaw<
  DuePromise[]
>`
  UPDATE survey_replies SET reminded_for = due_on WHERE id IN (
    SELECT id FROM survey_replies
    WHERE due_on IS NOT NULL AND kept_at IS NULL AND withdrawn_at IS NULL
      AND due_on <= ${by}::date AND reminded_for IS DISTINCT FROM due_on
    ORDER BY due_on, id LIMIT ${take} FOR UPDATE SKIP LOCKED)
  RETURNING id, agency_id AS "agencyId", due_on AS "dueOn"`

/** Returns the accounts that read an agency's comments and can sign in: a reminder goes to them. */
export const viewersOf = (tx: Tx, agencyId: string): Promise<{ readonly id: string }[]> =>
  tx.staffAccount.findMany({
    where: { role: 'agency_viewer', agencyId, active: true, totpSecret: { not: null } },
    orderBy: { id: 'asc' },
    take: 50,
    select: { id: true },
  })

/** Returns the address where to write to one of them; null where there is no such account any more. */
export const addressOfViewer = async (accountId: string): Promise<string | null> => {
  const account = await db.staffAccount.findFirst({
    where: { id: accountId, active: true },
    select: { email: true },
  })
  return account?.email ?? null
}

/** Counts the open promises of every agency whose day has passed, and those due by another; no further than `most`. */
export async function promisesDue(
  today: string,
  by: string,
  most: number,
): Promise<{ readonly overdue: number; readonly soon: number }> {
  const open = { keptAt: null, withdrawnAt: null } as const
  const [overdue, soon] = await Promise.all([
    db.agencyReply.count({ where: { ...open, dueOn: { lt: new Date(today) } }, take: most }),
    db.agencyReply.count({
      where: { ...open, dueOn: { gte: new Date(today), lte: new Date(by) } },
      take: most,
    }),
  ])
  return { overdue, soon }
}

const PAGE = 20

export interface ReplyPage {
  readonly rows: readonly Reply[]
  readonly next: ReplyKey | null
}

/** Returns what an agency said to its comments, the last first, and where the next page begins; everybody reads it. */
export async function repliesOf(agencyId: string, after: ReplyKey | null, take = PAGE): Promise<ReplyPage> {
  const found = await repliesAfter(agencyId, after, take + 1)
  const rows = found.slice(0, take)
  const last = rows.at(-1)
  return { rows, next: found.length > take && last ? { at: last.publishedAt, id: last.id } : null }
}

/** Returns the same page with the agency, as it is or was last; null where there is no such agency. */
export async function agencyReplies(
  agencyId: string,
  after: ReplyKey | null,
  now: Instant,
): Promise<(ReplyPage & { readonly agency: Agency }) | null> {
  const [versions, page] = await Promise.all([
    versionsOf(agencyId, localDate(now)),
    repliesOf(agencyId, after),
  ])
  const agency = versions.at(-1)
  return agency === undefined ? null : { agency, ...page }
}

/** Returns what the actor's agency withdrew and may put right, as far as a list of choices goes. */
export async function withdrawnReplies(actor: StaffActor): ReturnType<typeof replaceable> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? replaceable(scope, PAGE) : []
}

/** Returns the drafts of the actor's own agency, the last saved first. */
export async function replyDrafts(actor: StaffActor): Promise<readonly ReplyDraft[]> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? draftsOf(scope, DRAFTS_MOST) : []
}

/** Returns one draft of the actor's own agency. */
export async function replyDraft(actor: StaffActor, id: string): Promise<ReplyDraft | null> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? draftOf(scope, id) : null
}

/** Returns one reply of the actor's own agency, to say how its promise went or to withdraw it. */
export async function ownReply(actor: StaffActor, id: string): Promise<Reply | null> {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? replyOf(scope, id) : null
}

interface ReplyDraft {
  readonly id: string
  readonly commentIds: readonly string[]
  readonly words: DraftWords
  readonly revision: number
  readonly savedAt: Instant
}

const draftSelect = { id: true, commentIds: true, words: true, revision: true, savedAt: true } as const

type DraftRow = Omit<ReplyDraft, 'words'> & { readonly words: Prisma.JsonValue }
const asDraft = ({ words, ...row }: DraftRow): ReplyDraft => ({ ...row, words: words as DraftWords })

/** Returns the agency's drafts, the last saved first. */
export async function draftsOf(scope: AgencyVoiceScope, take: number): Promise<ReplyDraft[]> {
  const rows = await db.agencyReplyDraft.findMany({
    where: { agencyId: scope.agencyId },
    orderBy: [{ savedAt: 'desc' }, { id: 'asc' }],
    take,
    select: draftSelect,
  })
  return rows.map(asDraft)
}

/** Returns one of the agency's own drafts. */
async function draftOf(scope: AgencyVoiceScope, id: string): Promise<ReplyDraft | null> {
  const row = await db.agencyReplyDraft.findFirst({
    where: { id, agencyId: scope.agencyId },
    select: draftSelect,
  })
  return row && asDraft(row)
}

export const countDrafts = (tx: Tx, scope: AgencyVoiceScope): Promise<number> =>
  tx.agencyReplyDraft.count({ where: { agencyId: scope.agencyId } })

interface Saved {
  readonly id: string
  readonly commentIds: readonly string[]
  readonly words: DraftWords
  readonly savedById: string
  readonly savedAt: Instant
}

export async function insertDraft(tx: Tx, scope: AgencyVoiceScope, { commentIds, words, ...saved }: Saved) {
  await tx.agencyReplyDraft.create({
    data: { ...saved, agencyId: scope.agencyId, commentIds: [...commentIds], words: { ...words } },
    select: { id: true },
  })
}

/** Changes a draft; false where there is no such draft as of that revision. */
export async function changeDraft(
  tx: Tx,
  scope: AgencyVoiceScope,
  revision: number,
  { id, commentIds, words, ...saved }: Saved,
): Promise<boolean> {
  const { count } = await tx.agencyReplyDraft.updateMany({
    where: { id, agencyId: scope.agencyId, revision },
    data: { ...saved, commentIds: [...commentIds], words: { ...words }, revision: { increment: 1 } },
  })
  return count === 1
}

/** Deletes one of the agency's own drafts; nothing where it is gone. */
export async function dropDraft(tx: Tx, scope: AgencyVoiceScope, id: string): Promise<void> {
  await tx.agencyReplyDraft.deleteMany({ where: { id, agencyId: scope.agencyId } })
}
