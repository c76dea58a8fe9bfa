import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { TextArea } from '#components/form/field.tsx'
import { FoldedForm } from '#components/form/folded-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { MessageResult } from '#features/notices/message-codes/message-result.tsx'
import { verifyMessageAction } from './actions.ts'

export async function MessageForm({ open }: { readonly open: boolean }) {
  const t = await getTranslations('message-codes')
  return (
    <ActionForm
      action={verifyMessageAction}
      initial={open ? { askedMessage: '' } : {}}
      scope="message"
      className={open ? 'stack' : 'more-form'}
    >
      <FoldedForm summary={t('title')}>
        <p>{t('lead')}</p>
        <MessageResult
          sent={{ phone: t.raw('sent.phone'), email: t.raw('sent.email'), carrier: t.raw('sent.carrier') }}
          about={t.raw('about')}
          said={{
            ours: (
              <Notice tone="ok" title={t('ours')}>
                <p>{t('oursText')}</p>
              </Notice>
            ),
            altered: (
              <Notice tone="bad" title={t('altered')}>
                <p>{t('alteredText')}</p>
              </Notice>
            ),
            unknown: (
              <Notice tone="bad" title={t('unknown')}>
                <p>{t('unknownText')}</p>
              </Notice>
            ),
          }}
        />
        <TextArea name="askedMessage" label={t('field')} hint={t('hint')} rows={3} />
        <p className="actions pt-1">
          <SubmitButton look={open ? 'primary' : 'quiet'}>{t('submit')}</SubmitButton>
        </p>
        <ul className="prose text-sm">
          <li>{t('never.code')}</li>
          <li>{t('never.found')}</li>
        </ul>
      </FoldedForm>
    </ActionForm>
  )
}
