import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { RawComment } from '#features/ratings/comments/reading-data.ts'
import { reviewAction } from './actions.ts'

export async function ReviewForm({ comment }: { readonly comment: RawComment }) {
  const { id, revision, review, replyId } = comment
  if (replyId !== null || review === 'clear' || review === 'unexamined') return null
  const t = await getTranslations('survey-comments.held')
  return (
    <ActionForm key={revision} action={reviewAction} scope={`review-${id}`} className="actions">
      <HiddenField name="commentId" value={id} />
      <HiddenField name="revision" value={String(revision)} />
      {review === 'passed' ? null : (
        <SubmitButton name="decision" value="passed" size="small">
          {t('pass')}
        </SubmitButton>
      )}
      {review === 'kept_back' ? null : (
        <SubmitButton name="decision" value="kept_back" look="quiet" size="small">
          {t('keepBack')}
        </SubmitButton>
      )}
    </ActionForm>
  )
}
