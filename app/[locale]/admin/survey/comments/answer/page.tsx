import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Written } from '#components/ui/written.tsx'
import { findOpenComments } from '#features/ratings/comments/reading-data.ts'
import { findReplyDraft, listWithdrawnReplies } from '#features/ratings/replies/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { answerAction } from '../actions.ts'

export const access = 'voice:answer' satisfies Access

export const generateMetadata = titled('survey-comments', 'answer.title')

export default async function AnswerPage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/comments/answer'>) {
  const [staff, { comment = [], draft: wanted }, locale, t] = await Promise.all([
    requireStaff(access),
    searchParams,
    getLocale(),
    getTranslations('survey-comments'),
  ])
  const draft = isUuid(wanted) ? await findReplyDraft(staff, wanted) : null
  const chosen = draft?.commentIds ?? [comment].flat().filter(isUuid)
  const comments = await findOpenComments(staff, chosen)
  // None was chosen, or a colleague has answered them meanwhile; the list says so.
  if (comments.length === 0 && draft === null) {
    const query = { error: chosen.length === 0 ? 'none' : 'answered' }
    redirect(pathFor(locale, { pathname: '/admin/survey/comments', query }))
  }
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('answer.title')} lead={t('answer.lead', { count: comments.length })} />
      {comments.map(({ id, text }) => (
        <blockquote key={id} className="border-l-4 border-line pl-4 wrap-anywhere whitespace-pre-line">
          <Written>{text}</Written>
        </blockquote>
      ))}
      {draft === null || comments.length === draft.commentIds.length ? null : (
        <Notice tone="wait">
          <p>{t('draft.fewer', { count: draft.commentIds.length - comments.length })}</p>
        </Notice>
      )}
      <Notice title={t('answer.public')}>
        <p>{t('answer.publicText')}</p>
      </Notice>
      <ActionForm action={answerAction} initial={draft?.words ?? {}}>
        {(comments.length === 0 ? chosen : comments.map(({ id }) => id)).map((id) => (
          <HiddenField key={id} name="comment" value={id} />
        ))}
        {draft === null ? null : (
          <>
            <HiddenField name="draft" value={draft.id} />
            <HiddenField name="draftRevision" value={String(draft.revision)} />
          </>
        )}
        <TextArea name="said" label={t('answer.said')} hint={t('answer.saidHint')} rows={3} />
        <TextArea name="saidEn" label={t('answer.saidEn')} rows={3} optional />
        <TextArea name="answer" label={t('answer.answer')} hint={t('answer.answerHint')} rows={4} />
        <TextArea name="answerEn" label={t('answer.answerEn')} rows={4} optional />
        <Replaced choices={await listWithdrawnReplies(staff)} />
        <h2>{t('answer.promise')}</h2>
        <p>{t('answer.promiseText')}</p>
        <TextArea name="promise" label={t('promise.vi')} rows={2} optional />
        <TextArea name="promiseEn" label={t('promise.en')} rows={2} optional />
        <Field
          name="dueOn"
          type="date"
          label={t('promise.due')}
          hint={t('promise.dueHint')}
          width="medium"
          optional
        />
        <p className="actions">
          <SubmitButton>{t('answer.send')}</SubmitButton>
          <SubmitButton name="act" value="draft" look="quiet">
            {t('draft.save')}
          </SubmitButton>
          {draft === null ? null : (
            <SubmitButton name="act" value="discard" look="danger">
              {t('draft.discard')}
            </SubmitButton>
          )}
        </p>
      </ActionForm>
      <p>
        <Link href="/admin/survey/comments">{t('back')}</Link>
      </p>
    </div>
  )
}

async function Replaced({ choices }: { readonly choices: Awaited<ReturnType<typeof listWithdrawnReplies>> }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey-withdrawal.reply')])
  if (choices.length === 0) return null
  return (
    <Select
      name="replaces"
      label={t('correct')}
      hint={t('correctHint')}
      placeholder={t('none')}
      options={choices.map(({ id, saidVi, publishedAt }) => ({
        value: id,
        label: t('choice', { date: formatInstant(locale, publishedAt, 'date'), said: saidVi.slice(0, 80) }),
      }))}
      optional
    />
  )
}
