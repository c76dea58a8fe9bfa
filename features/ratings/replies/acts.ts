import '#server-only'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Operator } from '#features/agencies/changes/acts.ts'
import { findBuiltUpon, listChanges, lockOpened, undoChange } from '#features/agencies/changes/data.ts'
import type { AgencyName } from '#features/agencies/rules.ts'
import { act, answer, isRefusal, logged, refuse, refuseFields } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import type { WordFaults } from '#features/questionnaires/questions/form-rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { type AgencyVoiceScope, voiceScope } from '#lib/access/scope.ts'
import type { RawForm } from '#lib/raw-form.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { shownNumber } from '#lib/shown-version.ts'
import { type Instant, localDate } from '#lib/time.ts'
import type { Tx } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { answerComments } from '../comments/data.ts'
import { lockPromise } from './data.ts'
import {
  COMMENTS_MOST,
  DRAFTS_MOST,
  readChange,
  readDeed,
  readDraft,
  readReply,
  readWithdrawal,
} from './rules.ts'

const invalid = 'general.invalid'
const text = z.string().default('').catch('')
/** Reads an optional choice, which may be absent or empty. */
const choice = z
  .union([z.literal('').transform(() => null), z.uuid(invalid)], invalid)
  .nullable()
  .default(null)

function agencyScope(actor: StaffActor): AgencyVoiceScope | null {
  const scope = voiceScope(actor)
  return scope?.kind === 'agency' ? scope : null
}

const shown = (reply: string, done: string) =>
  ({ pathname: '/admin/survey/comments/replies/[reply]', params: { reply }, query: { done } }) as const

const LOGGED = {
  publish: 'survey.reply',
  draft: 'survey.reply_draft',
  discard: 'survey.drop_reply_draft',
} as const

const replyForm = z
  .object({
    comment: z
      .union([z.uuid(invalid), z.array(z.uuid(invalid)).readonly()], 'reply.count')
      .transform((sent) => [...new Set([sent].flat())]),
    ...{
      said: text,
      saidEn: text,
      answer: text,
      answerEn: text,
      promise: text,
      promiseEn: text,
      dueOn: text,
    },
    act: z.enum(['publish', 'draft', 'discard']).default('publish').catch('publish'),
    draft: choice,
    draftRevision: shownNumber.default(0).catch(0),
    /** The withdrawn answer that this one replaces. */
    replaces: choice,
  })
  .transform(({ comment, draft, draftRevision, replaces, act: how, ...typed }) => ({
    ...{ comment, draft, draftRevision, replaces, typed },
    how: how === 'discard' && draft === null ? 'publish' : how,
  }))

interface Asked {
  readonly tx: Tx
  readonly actor: StaffActor
  readonly scope: AgencyVoiceScope
  readonly form: z.output<typeof replyForm>
  readonly now: Instant
}

/** Publishes an answer to comments, saves it as a draft, or drops that draft. `changed`: another person was faster. */
export const writeReply = act({
  permission: 'voice:answer',
  faults: 'reply',
  name: 'survey.reply',
  once: (_actorId, { how }) => LOGGED[how],
  page: ({ how }, id) =>
    how === 'publish'
      ? shown(id, 'published')
      : ({
          pathname: '/admin/survey/comments',
          query: { done: how === 'draft' ? 'drafted' : 'dropped' },
        } as const),
  input: replyForm,
  async run({ tx, actor, input: form, now }) {
    const scope = agencyScope(actor)
    if (scope === null) return refuse('forbidden')
    const done = await { publish, draft: keepDraft, discard }[form.how]({ tx, actor, scope, form, now })
    if (isRefusal(done)) return done
    const { id, ...facts } = done
    const entry = { actor, act: LOGGED[form.how], subject: { kind: 'reply', id } } as const
    await audit(tx, { ...entry, facts: { agency: scope.agencyId, ...facts }, at: now })
    return logged(id)
  },
})

/** Locks a reply that the agency withdrew; false if there is none, or if it is already replaced. */
async function lockWithdrawnReply(tx: Tx, scope: AgencyVoiceScope, id: string): Promise<boolean> {
  const locked = await tx.$queryRaw<unknown[]>`
    SELECT FROM survey_replies
    WHERE id = ${id}::uuid AND agency_id = ${scope.agencyId} AND withdrawn_at IS NOT NULL FOR UPDATE`
  // Checked after the wait for the lock: the transaction that held it may have replaced the reply.
  return locked.length === 1 && (await tx.agencyReply.count({ where: { replacesId: id } })) === 0
}

/** Publishes an agency's answer, with or without a promise, or in place of a withdrawn answer. Its draft is deleted. */
async function publish({ tx, scope, form: { comment, draft, replaces, typed }, now }: Asked) {
  if (!isFew(comment)) return refuse('count')
  const read = readReply(typed, localDate(now))
  if (!read.ok) return refuseFields(read.error)
  if (replaces !== null && !(await lockWithdrawnReply(tx, scope, replaces))) return refuse('changed')
  const id = randomUUID()
  const { promise, ...words } = read.value
  await tx.agencyReply.create({
    data: {
      ...{ id, agencyId: scope.agencyId, replacesId: replaces, publishedAt: now, ...words },
      ...(promise && { ...promise, dueOn: new Date(promise.dueOn) }),
    },
    select: { id: true },
  })
  if (!(await answerComments(tx, scope, comment, id))) return refuse('changed')
  if (draft !== null) await dropDraft(tx, scope, draft)
  return { id, comments: comment.length, dueOn: promise?.dueOn ?? null, replaces }
}

/** Saves a draft for every viewer of the agency. Nothing of it is public, and nothing but its size is checked. */
async function keepDraft({ tx, actor, scope: { agencyId }, form, now }: Asked) {
  const { comment: commentIds, draft, draftRevision: revision, typed } = form
  if (!isFew(commentIds)) return refuse('count')
  const words = readDraft(typed)
  if (words === null) return refuse('missing')
  const id = draft ?? randomUUID()
  const data = { commentIds, words: { ...words }, savedById: actor.id, savedAt: now }
  if (draft !== null) {
    const { count } = await tx.agencyReplyDraft.updateMany({
      where: { id, agencyId, revision },
      data: { ...data, revision: { increment: 1 } },
    })
    if (count === 0) return refuse('changed')
  } else {
    if ((await tx.agencyReplyDraft.count({ where: { agencyId } })) >= DRAFTS_MOST) return refuse('too_many')
    await tx.agencyReplyDraft.create({ data: { ...data, id, agencyId }, select: { id: true } })
  }
  return { id, comments: commentIds.length }
}

/** Deletes a draft of the agency. A draft that is already gone is no error. */
async function discard({ tx, scope, form: { draft } }: Asked) {
  const id = draft ?? ''
  await dropDraft(tx, scope, id)
  return { id }
}

const isFew = (comments: readonly string[]) => comments.length > 0 && comments.length <= COMMENTS_MOST

const dropDraft = (tx: Tx, { agencyId }: AgencyVoiceScope, id: string) =>
  tx.agencyReplyDraft.deleteMany({ where: { id, agencyId } })

const ofReply = z.object({ replyId: z.uuid(invalid), revision: shownNumber })

/** Shared parts of the acts on a published answer. `changed`: another person was faster. */
const onReply = {
  permission: 'voice:answer',
  faults: 'reply',
  subject: {
    async lock(_tx: Tx, { replyId, revision }: z.output<typeof ofReply>, actor: StaffActor) {
      const scope = agencyScope(actor)
      return scope === null ? refuse('forbidden') : { scope, replyId, revision }
    },
    entry: ({ scope: { agencyId }, replyId, revision }: Shown) => ({
      subject: { kind: 'reply', id: replyId } as const,
      facts: { agency: agencyId, revision },
    }),
  },
} as const
interface Shown extends z.output<typeof ofReply> {
  readonly scope: AgencyVoiceScope
}

export const keepPromise = act({
  ...onReply,
  name: 'survey.keep_promise',
  once: () => 'survey.keep_promise',
  page: ({ replyId }) => shown(replyId, 'kept'),
  input: ofReply.extend({ done: text, doneEn: text }),
  async run({ tx, subject, input: { replyId, done, doneEn }, now }) {
    const read = readDeed({ done, doneEn })
    if (!read.ok) return refuseFields(read.error)
    if ((await lockPromise(tx, subject)) === null) return refuse('changed')
    const data = { ...read.value, keptAt: now, revision: { increment: 1 } }
    await tx.agencyReply.update({ where: { id: replyId }, data, select: { id: true } })
    return answer(replyId)
  },
})

/** Changes the words or the day of a promise. Everybody can read why, and what it was before. */
export const changePromise = act({
  ...onReply,
  name: 'survey.change_promise',
  once: () => 'survey.change_promise',
  page: ({ replyId }) => shown(replyId, 'changed'),
  input: ofReply.extend({ promise: text, promiseEn: text, dueOn: text, reason: text, reasonEn: text }),
  async run({ tx, subject, input: { replyId, revision, submitKey: _, ...typed }, now }) {
    const read = readChange(typed, localDate(now))
    if (!read.ok) return refuseFields(read.error)
    const { promise, ...reason } = read.value
    const before = await lockPromise(tx, subject)
    if (before === null) return refuse('changed')
    // Stores the old promise before it is overwritten.
    await tx.agencyReplyChange.create({
      data: { replyId, revision, ...before, ...reason, changedAt: now },
      select: { revision: true },
    })
    await tx.agencyReply.update({
      where: { id: replyId },
      data: { ...promise, dueOn: new Date(promise.dueOn), revision: { increment: 1 } },
      select: { id: true },
    })
    return answer(replyId, { from: before.dueOn.toISOString().slice(0, 10), to: promise.dueOn })
  },
})

/** Withdraws an answer. Everybody can read that it existed, when it was withdrawn and why. Its comments are open again. */
export const withdrawReply = act({
  ...onReply,
  name: 'survey.withdraw_reply',
  once: () => 'survey.withdraw_reply',
  page: ({ replyId }) => shown(replyId, 'withdrawn'),
  input: ofReply.extend({ reason: text, reasonEn: text }),
  async run({ tx, subject: { scope }, input: { replyId: id, revision, reason, reasonEn }, now }) {
    const read = readWithdrawal({ reason, reasonEn })
    if (!read.ok) return refuseFields(read.error)
    const { reasonVi, reasonEn: withdrawnEn } = read.value
    const { count } = await tx.agencyReply.updateMany({
      where: { id, agencyId: scope.agencyId, revision, withdrawnAt: null },
      data: { withdrawnAt: now, withdrawnVi: reasonVi, withdrawnEn, revision: { increment: 1 } },
    })
    if (count === 0) return refuse('changed')
    await tx.surveyComment.updateMany({ where: { replyId: id }, data: { replyId: null } })
    return answer(id, { reason: reasonVi })
  },
})

type WithdrawalRefusal =
  | { readonly kind: 'forbidden' | 'gone' }
  | { readonly kind: 'faults'; readonly faults: WordFaults }
  /** The agencies with answers, or with later changes. */
  | { readonly kind: 'answered' | 'changed'; readonly names: readonly AgencyName[] }

/**
 * Withdraws a change as if it had never been made, before or after its day, as long as no answer was given under it and no other
 * change builds upon it: no answer, figure or receipt ever changes its agency. A survey manager gives a reason, which the audit
 * log keeps. The machine's operator gives none: what is typed there is in no log of ours.
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
