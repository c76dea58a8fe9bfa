import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { isSecretShown, isUndoable, type SentFor, undoUntil } from './rules.ts'

/** Tells the owner that a trusted person has reported the phone, links the case, and lets them undo it. */
export async function SentForNotice({
  phone,
  now,
  undo,
}: {
  readonly phone: { readonly id: string; readonly content: { readonly sentFor?: SentFor } }
  readonly now: Instant
  readonly undo: FormAction
}) {
  const { sentFor } = phone.content
  if (sentFor === undefined || !isSecretShown(sentFor, now)) return null
  const [t, locale] = await Promise.all([getTranslations('phones.trusted'), getLocale()])
  const moment = (at: Instant) => formatInstant(locale, at, 'moment')
  const { name } = sentFor.by
  return (
    <Notice title={t('sent', { name })}>
      <div className="stack" data-sent-for={sentFor.undoneAt ? 'undone' : 'sent'}>
        <p>{t('sentAt', { at: moment(new Date(sentFor.at)) })}</p>
        <SummaryList
          rows={[
            { key: 'number', term: t('number'), value: <span className="num">{sentFor.number}</span> },
            {
              key: 'secret',
              term: t('secret'),
              value: (
                <span className="num wrap-anywhere" data-case-secret={sentFor.secret}>
                  {sentFor.secret}
                </span>
              ),
            },
          ]}
        />
        <p className="text-sm">{t('secretHint')}</p>
        <p>
          <Link href={{ pathname: '/track', query: { number: sentFor.number } }}>{t('openCase')}</Link>
        </p>
        {sentFor.undoneAt !== undefined ? (
          <p>{t('undone', { at: moment(new Date(sentFor.undoneAt)) })}</p>
        ) : isUndoable(sentFor, now) ? (
          <>
            <p>{t('undoText', { until: moment(undoUntil(sentFor)), name })}</p>
            <ActionForm action={undo} scope={`undo-${phone.id}`} className="">
              <HiddenField name="phone" value={phone.id} />
              <SubmitButton look="danger" size="small">
                {t('undo')}
              </SubmitButton>
            </ActionForm>
          </>
        ) : null}
      </div>
    </Notice>
  )
}
