import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { isRecoveryOn } from '#features/recovery/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import { openCodeAction } from './actions.ts'

export const access = 'anybody' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('recovery.page'))('title') }
}

/** Asks for the code in the message that a carrier passed on to a phone's holder. */
export default async function HandInPage() {
  if (!isRecoveryOn()) notFoundPage(await getLocale())
  const t = await getTranslations('recovery.page')
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead')} />
      <ActionForm action={openCodeAction}>
        <Field name="holderCode" label={t('code')} hint={t('codeHint')} look="number" width="medium" />
        <p className="actions">
          <SubmitButton>{t('open')}</SubmitButton>
        </p>
      </ActionForm>
      <ul className="prose">
        <li>
          {t.rich('true', {
            link: (words) => <Link href={{ pathname: '/verify', query: { message: '' } }}>{words}</Link>,
          })}
        </li>
        <li>{t('noCode')}</li>
        <li>{t.rich('mine', { link: (words) => <Link href="/blocked">{words}</Link> })}</li>
      </ul>
    </div>
  )
}
