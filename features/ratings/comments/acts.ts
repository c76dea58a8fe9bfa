import '#server-only'
import { audit } from '#features/audit/entries/acts.ts'
import { noteErased } from '#features/audit/erasures/acts.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { voiceScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import { type Instant, localDate } from '#lib/time.ts'
import { type Tx, transaction } from '#platform/db.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { isDoubtful, onlyMasks } from '../masking/rules.ts'
import type { FiguresKey } from '../publication/data.ts'
import { findComments, recordMaskingResult } from './data.ts'

export const REVIEW_DECISIONS = ['passed', 'kept_back'] as const

/** A comment, and the revision of it that the form showed. */
interface Shown {
  readonly commentId: string
  readonly revision: number
  readonly submitKey: string
}

/**
 * Decides whether an agency may read a comment that the machine found doubtful. What passes is released with the next
 * ten of its agency, as every comment is: no moment of this act shows there. A decision may be changed until then, and
 * keeping back what is released already takes it from the agency again, unless it is answered.
 */
export async function reviewComment(
  actor: StaffActor,
  {
    commentId,
    revision,
    decision,
    submitKey,
  }: Shown & { readonly decision: (typeof REVIEW_DECISIONS)[number] },
  now: Instant,
): Promise<Result<string, 'forbidden' | 'gone' | 'stale'>> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'city') return err('forbidden')
  const [comment] = await findComments(scope, [commentId])
  if (comment === undefined) return err('gone')
  return actOnce<string, 'stale'>(submitKey, 'survey.review_comment', now, async (tx) => {
    const { count } = await tx.surveyComment.updateMany({
      where: { id: commentId, revision, review: { in: ['doubtful', ...REVIEW_DECISIONS] }, replyId: null },
      data: { review: decision, revision: { increment: 1 } },
    })
    if (count === 0) return err('stale')
    if (decision === 'kept_back') await noteErased(tx, 'comment', [commentId], now)
    await audit(tx, {
      actor,
      act: 'survey.review_comment',
      subject: { kind: 'comment', id: commentId },
      facts: { agency: comment.agencyId, revision, decision },
      at: now,
    })
    return ok(commentId)
  })
}

/** Looks through the comments that are about to be released with their ten; call it with the agency's tally locked. */
export async function examineWaiting(
  tx: Tx,
  { agencyId, questionnaireVersion }: FiguresKey,
  now: Instant,
): Promise<void> {
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

/** The number of comments that are looked through in one transaction. */
const AT_A_TIME = 200

/** Looks through the comments that were released before there was a review. */
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

/**
 * Keeps a comment from its agency until the survey manager has looked at it again: a restored copy has lost what was masked
 * in it, or that it was kept back. One that is answered stays. Answers whether it did.
 */
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

export { forgetComments } from './data.ts'

/**
 * Puts what the survey manager masked by hand in the place of a comment, for its agency: the citizen's words with
 * stretches replaced by words in brackets, and nothing else. The text itself stays.
 */
export async function maskByHand(
  actor: StaffActor,
  { commentId, revision, masked, submitKey }: Shown & { readonly masked: string },
  now: Instant,
): Promise<Result<string, 'forbidden' | 'gone' | 'reworded' | 'stale'>> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'city') return err('forbidden')
  const [comment] = await findComments(scope, [commentId])
  if (comment === undefined) return err('gone')
  if (!onlyMasks(comment.text, masked)) return err('reworded')
  return actOnce<string, 'stale'>(submitKey, 'survey.mask_comment', now, async (tx) => {
    const { count } = await tx.surveyComment.updateMany({
      where: { id: commentId, revision },
      data: { masked, revision: { increment: 1 } },
    })
    if (count === 0) return err('stale')
    await noteErased(tx, 'comment', [commentId], now)
    await audit(tx, {
      actor,
      act: 'survey.mask_comment',
      subject: { kind: 'comment', id: commentId },
      facts: { agency: comment.agencyId, revision },
      at: now,
    })
    return ok(commentId)
  })
}
