import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { findOwnReply, type Reply } from '#features/ratings/replies/data.ts'
import { ReplyCard } from '#features/ratings/replies/reply-card.tsx'
import { WithdrawFields } from '#features/ratings/replies/withdraw-fields.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { localDate } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { changeAction, keepAction, withdrawAction } from '../../actions.ts'

export const access = 'voice:answer' satisfies Access

export const generateMetadata = titled('survey-comments', 'replies.one')

const DONE = ['published', 'kept', 'changed', 'withdrawn'] as const

/** Renders one published reply as the public sees it, with the forms to report on its promise and to withdraw it. */
export default async function ReplyPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/survey/comments/replies/[reply]'>) {
  const [staff, { reply: id }, { done }, locale, t] = await Promise.all([
    requireStaff(access),
    params,
    searchParams,
    getLocale(),
    getTranslations('survey-comments'),
  ])
  const reply = isUuid(id) ? await findOwnReply(staff, id) : null
  if (reply === null) notFoundPage(locale)
  const said = DONE.find((one) => one === done)
  return (
    <div className="stack-l max-w-measure" data-reply={reply.id}>
      <PageHeader title={t('replies.one')} lead={t('replies.oneLead')} />
      {said ? <DoneNotice title={t(`done.${said}`)} /> : null}
      <ReplyCard reply={reply} today={localDate(new Date())} />
      {reply.withdrawn !== null || reply.promise === null || reply.kept !== null ? null : (
        <OnPromise reply={reply} />
      )}
      {reply.withdrawn === null ? <Withdraw reply={reply} /> : null}
      <p>
        <Link href="/admin/survey/comments/replies">{t('replies.back')}</Link>
      </p>
    </div>
  )
}

interface OnReply {
  readonly reply: Reply
}

function Named({ reply }: OnReply) {
  return (
    <>
      <HiddenField name="replyId" value={reply.id} />
      <HiddenField name="revision" value={String(reply.revision)} />
    </>
  )
}

async function Withdraw({ reply }: OnReply) {
  const t = await getTranslations('survey-withdrawal.reply')
  return (
    <section className="stack" aria-labelledby="withdraw">
      <h2 id="withdraw">{t('title')}</h2>
      <p>{t('text')}</p>
      <ActionForm action={withdrawAction} scope="withdrawal" className="stack">
        <Named reply={reply} />
        <WithdrawFields hint={t('reasonHint')} submit={t('submit')} />
      </ActionForm>
    </section>
  )
}

async function OnPromise({ reply }: OnReply) {
  const t = await getTranslations('survey-comments')
  const on = <Named reply={reply} />
  return (
    <>
      <section className="stack" aria-labelledby="keep-title">
        <h2 id="keep-title">{t('keep.title')}</h2>
        <ActionForm action={keepAction} scope="keep" className="stack">
          {on}
          <TextArea name="done" label={t('keep.done')} hint={t('keep.hint')} rows={3} />
          <TextArea name="doneEn" label={t('keep.doneEn')} rows={3} optional />
          <p className="actions">
            <SubmitButton>{t('keep.send')}</SubmitButton>
          </p>
        </ActionForm>
      </section>
      <section className="stack" aria-labelledby="change-title">
        <h2 id="change-title">{t('change.title')}</h2>
        <p>{t('change.text')}</p>
        <ActionForm
          action={changeAction}
          scope="change"
          className="stack"
          initial={{
            promise: reply.promise?.promiseVi ?? '',
            promiseEn: reply.promise?.promiseEn ?? '',
            dueOn: reply.promise?.dueOn ?? '',
          }}
        >
          {on}
          <TextArea name="promise" label={t('promise.vi')} rows={2} />
          <TextArea name="promiseEn" label={t('promise.en')} rows={2} optional />
          <Field
            name="dueOn"
            type="date"
            label={t('promise.due')}
            hint={t('promise.dueHint')}
            width="medium"
          />
          <TextArea name="reason" label={t('change.reason')} rows={3} />
          <TextArea name="reasonEn" label={t('change.reasonEn')} rows={3} optional />
          <p className="actions">
            <SubmitButton look="quiet">{t('change.send')}</SubmitButton>
          </p>
        </ActionForm>
      </section>
    </>
  )
}
