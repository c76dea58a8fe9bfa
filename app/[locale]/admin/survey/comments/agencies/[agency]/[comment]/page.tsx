import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { findRawComment } from '#features/ratings/comments/reading-data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { maskAction } from '../../../actions.ts'
import { AnsweredQuestion } from '../../../answered-question.tsx'
import { RawText } from '../../../raw-text.tsx'
import { ReviewForm } from '../../../review-form.tsx'

export const access = 'voice:moderate' satisfies Access

export const generateMetadata = titled('survey-comments', 'mask.title')

export default async function CommentPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/survey/comments/agencies/[agency]/[comment]'>) {
  const [staff, { comment: id }, { done }, locale, t] = await Promise.all([
    requireStaff(access),
    params,
    searchParams,
    getLocale(),
    getTranslations('survey-comments'),
  ])
  const comment = isUuid(id) ? await findRawComment(staff, id) : null
  if (comment === null) notFoundPage(locale)
  const { agencyId, revision, review, stretches, asMasked } = comment
  return (
    <div className="stack-l max-w-measure" data-comment={comment.id}>
      <PageHeader title={t('mask.title')} lead={t('mask.lead')} />
      {done === 'masked' ? <DoneNotice title={t('mask.done')} /> : null}
      <section className="stack">
        <h2>{t('mask.original')}</h2>
        <AnsweredQuestion version={comment.questionnaireVersion} question={comment.question} />
        <RawText stretches={stretches} />
      </section>
      {/* The key recreates the form after every masking, so that it has the latest text. */}
      <ActionForm key={revision} action={maskAction} className="stack" initial={{ masked: asMasked }}>
        <HiddenField name="commentId" value={comment.id} />
        <HiddenField name="agency" value={agencyId} />
        <HiddenField name="revision" value={String(revision)} />
        <TextArea name="masked" label={t('mask.field')} hint={t('mask.hint')} rows={8} />
        <p className="actions">
          {/* If the comment waits for a decision, that decision has the primary button. */}
          <SubmitButton look={review === 'doubtful' ? 'quiet' : 'primary'}>{t('mask.send')}</SubmitButton>
        </p>
      </ActionForm>
      <ReviewForm comment={comment} />
      <p>
        <Link href={{ pathname: '/admin/survey/comments/agencies/[agency]', params: { agency: agencyId } }}>
          {t('raw.toList')}
        </Link>
      </p>
    </div>
  )
}
