import '#server-only'
import { randomUUID } from 'node:crypto'
import type { Operator } from '#features/agencies/changes/acts.ts'
import { findBuiltUpon, listChanges, lockOpened, undoChange } from '#features/agencies/changes/data.ts'
import type { AgencyName } from '#features/agencies/rules.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { AuditAct } from '#features/audit/entries/names-rules.ts'
import type { WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type AgencyVoiceScope, voiceScope } from '#lib/access/scope.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { answerComments } from '../comments/data.ts'
import { dropDraft, lockPromise } from './data.ts'
import {
  COMMENTS_MOST,
  DRAFTS_MOST,
  type ReplyFaults,
  readChange,
  readDeed,
  readDraft,
  readReply,
  readWithdrawal,
} from './rules.ts'

export type ReplyRefusal =
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'faults'; readonly faults: ReplyFaults }
  /** No comment was chosen, or too many. */
  | { readonly kind: 'count' }
  /** Another person was faster: a comment is answered, a promise kept or changed, an answer withdrawn or replaced. */
  | { readonly kind: 'stale' }

const refused = (kind: 'forbidden' | 'count' | 'stale'): Result<never, ReplyRefusal> => err({ kind })

function scopeOf(actor: StaffActor): AgencyVoiceScope | null {
  const scope = may(actor.role, 'voice:answer') ? voiceScope(actor) : null
  return scope?.kind === 'agency' ? scope : null
}

/** Publishes what an agency says to some of its comments, with or without a promise, or in place of a withdrawn answer. */
export async function publishReply(
  actor: StaffActor,
  sent: {
    readonly commentIds: readonly string[]
    /** The withdrawn answer that this one puts right. */
    readonly replacesId: string | null
    /** The draft that it was, which ends with it. */
    readonly draftId?: string | null
    readonly typed: RawForm
    readonly submitKey: string
  },
  now: Instant,
): Promise<Result<string, ReplyRefusal>> {
  const scope = scopeOf(actor)
  if (scope === null) return refused('forbidden')
  const commentIds = [...new Set(sent.commentIds)]
  if (commentIds.length === 0 || commentIds.length > COMMENTS_MOST) return refused('count')
  const read = readReply(sent.typed, localDate(now))
  if (!read.ok) return err({ kind: 'faults', faults: read.error })
  return actOnce<string, ReplyRefusal>(sent.submitKey, 'survey.reply', now, async (tx) => {
    const id = randomUUID()
    const { replacesId } = sent
    if (replacesId !== null && !(await lockWithdrawnReply(tx, scope, replacesId))) return refused('stale')
    const { promise, ...words } = read.value
    await tx.agencyReply.create({
      data: {
        ...{ id, agencyId: scope.agencyId, replacesId, publishedAt: now, ...words },
        ...(promise && { ...promise, dueOn: new Date(promise.dueOn) }),
      },
      select: { id: true },
    })
    if (!(await answerComments(tx, scope, commentIds, id))) return refused('stale')
    if (sent.draftId) await dropDraft(tx, scope, sent.draftId)
    const facts = { comments: commentIds.length, dueOn: promise?.dueOn ?? null, replaces: replacesId }
    await record(tx, { actor, act: 'survey.reply', id, scope, facts, now })
    return ok(id)
  })
}

/** Locks a reply that the agency withdrew until the transaction ends; false where it is none, or is replaced. */
async function lockWithdrawnReply(tx: Tx, scope: AgencyVoiceScope, id: string): Promise<boolean> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT FROM survey_replies
    WHERE id = ${id}::uuid AND agency_id = ${scope.agencyId} AND withdrawn_at IS NOT NULL FOR UPDATE`
  // Asked after the wait for the lock: the transaction that had it may have replaced the reply.
  return locked.length === 1 && (await tx.agencyReply.count({ where: { replacesId: id } })) === 0
}

/** `many`: the agency has as many drafts as are kept. `empty`: nothing is written yet. */
export type DraftRefusal = ReplyRefusal | { readonly kind: 'many' } | { readonly kind: 'empty' }

export interface SentDraft {
  readonly commentIds: readonly string[]
  /** The draft as its form showed it; null for a new one. */
  readonly draft: { readonly id: string; readonly revision: number } | null
  readonly typed: RawForm
  readonly submitKey: string
}

/**
 * Keeps what a viewer has written so far, for every viewer of the agency: nothing of it is public, and nothing is checked but
 * its size.
 */
export async function saveReplyDraft(
  actor: StaffActor,
  { draft, typed, submitKey, ...sent }: SentDraft,
  now: Instant,
): Promise<Result<string, DraftRefusal>> {
  const scope = scopeOf(actor)
  if (scope === null) return refused('forbidden')
  const commentIds = [...new Set(sent.commentIds)]
  if (commentIds.length === 0 || commentIds.length > COMMENTS_MOST) return refused('count')
  const words = readDraft(typed)
  if (words === null) return err({ kind: 'empty' })
  return actOnce<string, DraftRefusal>(submitKey, 'survey.reply_draft', now, async (tx) => {
    const id = draft?.id ?? randomUUID()
    const { agencyId } = scope
    const data = { commentIds, words: { ...words }, savedById: actor.id, savedAt: now }
    if (draft !== null) {
      const { count } = await tx.agencyReplyDraft.updateMany({
        where: { id, agencyId, revision: draft.revision },
        data: { ...data, revision: { increment: 1 } },
      })
      if (count === 0) return refused('stale')
    } else {
      if ((await tx.agencyReplyDraft.count({ where: { agencyId } })) >= DRAFTS_MOST)
        return err({ kind: 'many' })
      await tx.agencyReplyDraft.create({ data: { ...data, id, agencyId }, select: { id: true } })
    }
    const facts = { comments: commentIds.length }
    await record(tx, { actor, act: 'survey.reply_draft', id, scope, facts, now })
    return ok(id)
  })
}

/** Drops a draft of the agency's own; one that is gone is dropped already. */
export async function dropReplyDraft(
  actor: StaffActor,
  id: string,
  submitKey: string,
  now: Instant,
): Promise<Result<string, ReplyRefusal>> {
  const scope = scopeOf(actor)
  if (scope === null) return refused('forbidden')
  return actOnce<string, ReplyRefusal>(submitKey, 'survey.drop_reply_draft', now, async (tx) => {
    await dropDraft(tx, scope, id)
    await record(tx, { actor, act: 'survey.drop_reply_draft', id, scope, facts: {}, now })
    return ok(id)
  })
}

export interface OnReply {
  readonly replyId: string
  /** The reply's, as the form showed it. */
  readonly revision: number
  readonly typed: RawForm
  readonly submitKey: string
}

/**
 * Does one act on a published answer: what was typed is read, then `work` does it inside one transaction with its audit
 * entry, for which it answers the facts; null where another person was faster.
 */
async function onReply<T>(
  actor: StaffActor,
  act: 'keep_promise' | 'change_promise' | 'withdraw_reply',
  { replyId, revision, typed, submitKey }: OnReply,
  now: Instant,
  read: (typed: RawForm) => Result<T, ReplyFaults>,
  work: (tx: Tx, scope: AgencyVoiceScope, value: T) => Promise<Facts | null>,
): Promise<Result<string, ReplyRefusal>> {
  const scope = scopeOf(actor)
  if (scope === null) return refused('forbidden')
  const value = read(typed)
  if (!value.ok) return err({ kind: 'faults', faults: value.error })
  return actOnce<string, ReplyRefusal>(submitKey, `survey.${act}`, now, async (tx) => {
    const facts = await work(tx, scope, value.value)
    if (facts === null) return refused('stale')
    await record(tx, { actor, act: `survey.${act}`, id: replyId, scope, facts: { revision, ...facts }, now })
    return ok(replyId)
  })
}

/** Says that a promise was kept, and what was done. */
export const keepPromise = (actor: StaffActor, on: OnReply, now: Instant) =>
  onReply(actor, 'keep_promise', on, now, readDeed, async (tx, scope, deed) => {
    if ((await lockPromise(tx, scope, on.replyId, on.revision)) === null) return null
    const data = { ...deed, keptAt: now, revision: { increment: 1 } }
    await tx.agencyReply.update({ where: { id: on.replyId }, data, select: { id: true } })
    return {}
  })

/** Changes a promise, its words or its day: everybody reads why, and what it was before. */
export const changePromise = (actor: StaffActor, on: OnReply, now: Instant) =>
  onReply(
    actor,
    'change_promise',
    on,
    now,
    (typed) => readChange(typed, localDate(now)),
    async (tx, scope, { promise, reasonVi, reasonEn }) => {
      const { replyId, revision } = on
      const before = await lockPromise(tx, scope, replyId, revision)
      if (before === null) return null
      // First what it was, then what it is now.
      await tx.agencyReplyChange.create({
        data: { replyId, revision, ...before, reasonVi, reasonEn, changedAt: now },
        select: { revision: true },
      })
      await tx.agencyReply.update({
        where: { id: replyId },
        data: { ...promise, dueOn: new Date(promise.dueOn), revision: { increment: 1 } },
        select: { id: true },
      })
      return { from: before.dueOn.toISOString().slice(0, 10), to: promise.dueOn }
    },
  )

/** Takes an answer back: everybody reads that it was there, when it was withdrawn and why. Its comments wait again. */
export const withdrawReply = (actor: StaffActor, on: OnReply, now: Instant) =>
  onReply(actor, 'withdraw_reply', on, now, readWithdrawal, async (tx, scope, { reasonVi, reasonEn }) => {
    const { replyId: id, revision } = on
    const { count } = await tx.agencyReply.updateMany({
      where: { id, agencyId: scope.agencyId, revision, withdrawnAt: null },
      data: { withdrawnAt: now, withdrawnVi: reasonVi, withdrawnEn: reasonEn, revision: { increment: 1 } },
    })
    if (count === 0) return null
    await tx.surveyComment.updateMany({ where: { replyId: id }, data: { replyId: null } })
    return { reason: reasonVi }
  })

type Facts = Readonly<Record<string, string | number | null>>

const record = (
  tx: Tx,
  {
    id,
    scope,
    facts,
    now,
    ...of
  }: {
    readonly actor: StaffActor
    readonly act: AuditAct
    readonly id: string
    readonly scope: AgencyVoiceScope
    readonly facts: Facts
    readonly now: Instant
  },
): Promise<void> =>
  audit(tx, { ...of, subject: { kind: 'reply', id }, facts: { agency: scope.agencyId, ...facts }, at: now })

type WithdrawalRefusal =
  | { readonly kind: 'forbidden' | 'gone' }
  | { readonly kind: 'faults'; readonly faults: WordFaults }
  /** Agencies that have been answered, or changed, since. */
  | { readonly kind: 'answered' | 'changed'; readonly names: readonly AgencyName[] }

/**
 * Takes a change back as if it had not been, before its day and after it, as long as nothing has been answered under
 * it and nothing was built upon it: no answer, figure or receipt ever changes its agency. A survey manager says why, which the audit log
 * keeps; the machine's operator gives no reason: what is typed there is in no log of ours.
 */
export async function withdrawChange(
  operator: Operator,
  changeId: string,
  now: Instant,
  { typed, submitKey }: { readonly typed: RawForm; readonly submitKey: string } = {
    typed: {},
    submitKey: randomUUID(),
  },
): Promise<Result<true, WithdrawalRefusal>> {
  if (operator.kind === 'staff' && !may(operator.role, 'survey:manage')) return err({ kind: 'forbidden' })
  const read = operator.kind === 'staff' ? readWithdrawal(typed) : null
  if (read?.ok === false) return err({ kind: 'faults', faults: read.error })
  const reason = read?.value.reasonVi ?? null
  return actOnce<true, WithdrawalRefusal>(submitKey, 'catalogue.withdraw', now, async (tx) => {
    await lockOpened(tx, changeId)
    const [change] = await listChanges({ id: changeId }, tx)
    if (change === undefined) return err({ kind: 'gone' })
    const found = await findBuiltUpon([changeId], tx)
    const answered = found.filter((one) => one.answered)
    if (answered.length > 0) return err({ kind: 'answered', names: namesIn(answered) })
    if (found.length > 0) return err({ kind: 'changed', names: namesIn(found) })
    await undoChange(tx, changeId)
    await audit(tx, {
      actor: operator,
      act: 'catalogue.withdraw',
      subject: { kind: 'catalogue', id: changeId },
      facts: {
        change: change.kind,
        on: change.on,
        edition: change.edition,
        ...(reason !== null && { reason }),
      },
      at: now,
    })
    return ok(true)
  })
}

const namesIn = (found: readonly AgencyName[]): AgencyName[] =>
  [...new Map(found.map((one) => [one.nameVi, one])).values()].map(({ nameVi, nameEn }) => ({
    nameVi,
    nameEn,
  }))
