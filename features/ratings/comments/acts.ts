import '#server-only'
import { z } from 'zod'
import { act, answer, refuse } from '#features/audit/act.ts'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { voiceScope } from '#lib/access/scope.ts'
import { shownNumber } from '#lib/shown-version.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { isDoubtful, onlyMasks } from '../masking/rules.ts'
import type { FiguresKey } from '../publication/data.ts'
import { findComments, recordMaskingResult } from './data.ts'

export const REVIEW_DECISIONS = ['passed', 'kept_back'] as const

const invalid = 'general.invalid'
const ofComment = z.object({ commentId: z.uuid(invalid), revision: shownNumber })

/** Shared parts of the survey manager's acts on a comment. `changed`: another person was faster. */
const onComment = {
  permission: 'voice:moderate',
  faults: 'reply',
  subject: {
    async lock(tx: Tx, { commentId }: { readonly commentId: string }, actor: StaffActor) {
      const scope = voiceScope(actor)
      if (scope?.kind !== 'city') return refuse('forbidden')
      const [comment] = await findComments(scope, [commentId], tx)
      return comment ?? refuse('not_found')
    },
    entry: ({ id, agencyId }: { readonly id: string; readonly agencyId: string }) => ({
      subject: { kind: 'comment', id } as const,
      facts: { agency: agencyId },
    }),
  },
} as const

/**
 * Decides whether an agency may read a comment that the machine found doubtful. A passed comment is released with the next ten of
 * its agency, as every comment is, so that nothing shows when this act was done. The decision may be changed until then. Keeping
 * back a released comment takes it from the agency again, unless it is answered.
 */
export const reviewComment = act({
  ...onComment,
  name: 'survey.review_comment',
  once: () => 'survey.review_comment',
  page: ({ decision }) => ({ pathname: '/admin/survey/comments/held', query: { done: decision } }) as const,
  input: ofComment.extend({ decision: z.enum(REVIEW_DECISIONS, invalid) }),
  async run({ tx, subject: { id }, input: { revision, decision }, now }) {
    const { count } = await tx.surveyComment.updateMany({
      where: { id, revision, review: { in: ['doubtful', ...REVIEW_DECISIONS] }, replyId: null },
      data: { review: decision, revision: { increment: 1 } },
    })
    if (count === 0) return refuse('changed')
    if (decision === 'kept_back') await noteErased(tx, 'comment', [id], now)
    return answer(id, { revision, decision })
  },
})

/** Stores a comment as the survey manager masked it: with words in brackets, and no other change. The original stays. */
export const maskByHand = act({
  ...onComment,
  name: 'survey.mask_comment',
  once: () => 'survey.mask_comment',
  page: ({ agency }, comment) =>
    ({
      pathname: '/admin/survey/comments/agencies/[agency]/[comment]',
      params: { agency, comment },
      query: { done: 'masked' },
    }) as const,
  input: ofComment.extend({
    agency: z.string(invalid).max(60, invalid),
    masked: z.string().catch(''),
  }),
  async run({ tx, subject: { id, text }, input: { revision, masked }, now }) {
    if (!onlyMasks(text, masked)) return refuse('reworded', 'masked')
    const { count } = await tx.surveyComment.updateMany({
      where: { id, revision },
      data: { masked, revision: { increment: 1 } },
    })
    if (count === 0) return refuse('changed')
    await noteErased(tx, 'comment', [id], now)
    return answer(id, { revision })
  },
})

/** Examines the comments that are about to be released with their ten. Call it with the agency's tally locked. */
export async function examineWaiting(tx: Tx, { agencyId, questionnaireVersion }: FiguresKey, now: Instant) {
  const found = await tx.surveyComment.findMany({
    where: { agencyId, questionnaireVersion, released: false, exclusionId: null, review: 'unexamined' },
    select: { id: true, text: true },
  })
  await recordMaskingResult(tx, found.map(verdict), localDate(now))
}

const verdict = ({ id, text }: { readonly id: string; readonly text: string }) => ({
  id,
  review: isDoubtful(text) ? ('doubtful' as const) : ('clear' as const),
})

const AT_A_TIME = 200

/** Examines the comments that were released before reviews existed. */
export async function examineReleased(now: Instant): Promise<void> {
  for (let more = true; more; ) {
    more = await transaction(async (tx) => {
      const found = await tx.surveyComment.findMany({
        where: { released: true, review: 'unexamined' },
        orderBy: { id: 'asc' },
        take: AT_A_TIME,
        select: { id: true, text: true },
      })
      await recordMaskingResult(tx, found.map(verdict), localDate(now))
      return found.length === AT_A_TIME
    })
  }
}

/** Withholds an unanswered comment whose examination a restored backup has lost. Returns whether it did. */
export async function requireReviewAgain(tx: Tx, commentId: string, now: Instant): Promise<boolean> {
  const { count } = await tx.surveyComment.updateMany({
    where: { id: commentId, replyId: null },
    data: { review: 'doubtful', heldOn: new Date(localDate(now)), revision: { increment: 1 } },
  })
  if (count === 0) return false
  await audit(tx, {
    actor: { kind: 'system' },
    act: 'survey.review_comment',
    subject: { kind: 'comment', id: commentId },
    facts: { decision: 'doubtful' },
    at: now,
  })
  return true
}
