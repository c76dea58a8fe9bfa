'use server'
import { z } from 'zod'
import { maskByHand, REVIEW_DECISIONS, reviewComment } from '#features/ratings/comments/acts.ts'
import {
  changePromise,
  dropReplyDraft,
  keepPromise,
  publishReply,
  type ReplyRefusal,
  saveReplyDraft,
  withdrawReply,
} from '#features/ratings/replies/acts.ts'
import { type ActionContext, type ActionOutcome, faultsUnder } from '#http/action.ts'
import { requiredSubmitKey } from '#http/hidden-fields.ts'
import { staffAction } from '#http/staff-action.ts'
import type { Result } from '#lib/result.ts'
import { pathFor } from '#messages/paths.ts'

const invalid = 'general.invalid'
const text = z.string().catch('')
const revision = z.coerce.number(invalid).int(invalid).min(0, invalid).max(1_000_000, invalid)

/** Redirects to the published reply, which says what was done; or says the refusal beside its field. */
function outcome(
  done: Result<string, ReplyRefusal>,
  locale: ActionContext['locale'],
  said: 'published' | 'kept' | 'changed' | 'withdrawn',
): ActionOutcome {
  if (done.ok) {
    const params = { reply: done.value }
    const page = {
      pathname: '/admin/survey/comments/replies/[reply]',
      params,
      query: { done: said },
    } as const
    return { to: pathFor(locale, page) }
  }
  const { error } = done
  if (error.kind === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
  if (error.kind !== 'faults') return { faults: { form: `reply.${error.kind}` } }
  return { faults: faultsUnder('reply', error.faults) }
}

const answer = z.object({
  submitKey: requiredSubmitKey,
  comment: z.union([z.uuid(invalid).transform((id) => [id]), z.array(z.uuid(invalid))], 'reply.count'),
  said: text,
  saidEn: text,
  answer: text,
  answerEn: text,
  promise: text,
  promiseEn: text,
  dueOn: text,
  act: z.enum(['publish', 'draft', 'discard']).catch('publish'),
  draft: z.preprocess((sent) => sent || null, z.uuid(invalid).nullable()),
  draftRevision: revision.catch(0),
  // Absent or the first choice: it replaces no other reply.
  replaces: z.preprocess((sent) => sent || null, z.uuid(invalid).nullable()),
})

export const answerAction = staffAction(
  { schema: answer, permission: 'voice:answer' },
  async (actor, { submitKey, comment, replaces, act, draft, draftRevision, ...typed }, { locale, now }) => {
    const toList = (done: string) => ({
      to: pathFor(locale, { pathname: '/admin/survey/comments', query: { done } }),
    })
    if (act === 'discard' && draft !== null) {
      const dropped = await dropReplyDraft(actor, draft, submitKey, now)
      return dropped.ok ? toList('dropped') : { faults: { form: 'sign_in.not_allowed' } }
    }
    if (act === 'draft') {
      const on = draft === null ? null : { id: draft, revision: draftRevision }
      const saved = await saveReplyDraft(actor, { commentIds: comment, draft: on, typed, submitKey }, now)
      if (saved.ok) return toList('drafted')
      const { error } = saved
      if (error.kind === 'many' || error.kind === 'empty')
        return { faults: { form: `reply.draft_${error.kind}` } }
      return outcome({ ok: false, error }, locale, 'published')
    }
    const sent = { commentIds: comment, replacesId: replaces, draftId: draft, typed, submitKey }
    return outcome(await publishReply(actor, sent, now), locale, 'published')
  },
)

const onReply = z.object({ submitKey: requiredSubmitKey, replyId: z.uuid(invalid), revision })

export const keepAction = staffAction(
  { schema: onReply.extend({ done: text, doneEn: text }), permission: 'voice:answer' },
  async (actor, { submitKey, replyId, revision, ...typed }, { locale, now }) =>
    outcome(await keepPromise(actor, { replyId, revision, typed, submitKey }, now), locale, 'kept'),
)

export const changeAction = staffAction(
  {
    schema: onReply.extend({ promise: text, promiseEn: text, dueOn: text, reason: text, reasonEn: text }),
    permission: 'voice:answer',
  },
  async (actor, { submitKey, replyId, revision, ...typed }, { locale, now }) =>
    outcome(await changePromise(actor, { replyId, revision, typed, submitKey }, now), locale, 'changed'),
)

export const withdrawAction = staffAction(
  { schema: onReply.extend({ reason: text, reasonEn: text }), permission: 'voice:answer' },
  async (actor, { submitKey, replyId, revision, ...typed }, { locale, now }) =>
    outcome(await withdrawReply(actor, { replyId, revision, typed, submitKey }, now), locale, 'withdrawn'),
)

const byHand = z.object({
  submitKey: requiredSubmitKey,
  commentId: z.uuid(invalid),
  agency: z.string(invalid).max(60, invalid),
  revision,
  masked: text,
})

export const maskAction = staffAction(
  { schema: byHand, permission: 'voice:moderate' },
  async (actor, { agency, ...sent }, { locale, now }) => {
    const done = await maskByHand(actor, sent, now)
    if (done.ok) {
      const params = { agency, comment: done.value }
      const pathname = '/admin/survey/comments/agencies/[agency]/[comment]'
      return { to: pathFor(locale, { pathname, params, query: { done: 'masked' } }) }
    }
    if (done.error === 'forbidden') return { faults: { form: 'sign_in.not_allowed' } }
    return { faults: { [done.error === 'reworded' ? 'masked' : 'form']: `reply.${done.error}` } }
  },
)

const review = z.object({
  submitKey: requiredSubmitKey,
  commentId: z.uuid(invalid),
  revision,
  decision: z.enum(REVIEW_DECISIONS, invalid),
})

export const reviewAction = staffAction(
  { schema: review, permission: 'voice:moderate' },
  async (actor, sent, { locale, now }) => {
    const done = await reviewComment(actor, sent, now)
    if (done.ok) {
      const page = { pathname: '/admin/survey/comments/held', query: { done: sent.decision } } as const
      return { to: pathFor(locale, page) }
    }
    return { faults: { form: done.error === 'forbidden' ? 'sign_in.not_allowed' : `reply.${done.error}` } }
  },
)
