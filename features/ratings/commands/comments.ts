import '#server-only'
import { noteErased } from '#features/audit/commands/erasures.ts'
import { audit } from '#features/audit/commands.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { voiceScope } from '#lib/access/scope.ts'
import { err, ok, type Result } from '#lib/result.ts'
import type { Instant } from '#lib/time.ts'
import { actOnce } from '#platform/idempotency/commands.ts'
import { commentsByIds, keepMasked } from '../repository/comments.ts'
import { onlyMasks } from '../rules/masking.ts'

export { forgetComments } from '../repository/comment-texts.ts'

export interface MaskedByHand {
  readonly commentId: string
  /** The comment's, as the form showed it. */
  readonly revision: number
  readonly masked: string
  readonly submitKey: string
}

export type MaskingRefusal = 'forbidden' | 'gone' | 'reworded' | 'stale'

/**
 * Puts what the survey manager masked by hand in the place of a comment, for its agency: the citizen's words with
 * stretches replaced by words in brackets, and nothing else. The text itself stays.
 */
export async function maskByHand(
  actor: StaffActor,
  { commentId, revision, masked, submitKey }: MaskedByHand,
  now: Instant,
): Promise<Result<string, MaskingRefusal>> {
  const scope = voiceScope(actor)
  if (scope?.kind !== 'city') return err('forbidden')
  const [comment] = await commentsByIds(scope, [commentId])
  if (comment === undefined) return err('gone')
  if (!onlyMasks(comment.text, masked)) return err('reworded')
  return actOnce<string, MaskingRefusal>(submitKey, 'survey.mask_comment', now, async (tx) => {
    if (!(await keepMasked(tx, commentId, revision, masked))) return err('stale')
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
