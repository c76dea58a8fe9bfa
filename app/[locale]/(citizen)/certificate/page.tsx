import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { exchangeKeys } from '#features/exchange/lists/data.ts'
import { OfflineCheck } from '#features/phones/certificates/offline-check.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { arePhonesRegistered } from '#http/phones.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { checkCertificateAction } from './actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('phones.check', 'title')

/** Asks for the code of a seller's paper. While the page is open, the buyer's own browser can check a paper without a network. */
export default async function CertificateCheckPage() {
  const locale = await getLocale()
  if (!arePhonesRegistered()) notFoundPage(locale)
  const t = await getTranslations('phones.check')
  const words = ['offline', 'offlineText', 'pasted', 'offlineDo', 'rightText', 'unsigned'] as const
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead')} />
      <ActionForm action={checkCertificateAction}>
        <Field name="certificate" label={t('code')} look="number" />
        <SubmitButton>{t('do')}</SubmitButton>
      </ActionForm>
      <OfflineCheck
        keys={exchangeKeys().keys.map(({ x }) => x)}
        locale={locale === 'en' ? 'en' : 'vi'}
        words={{
          ...(Object.fromEntries(words.map((key) => [key, t(key)])) as Record<
            (typeof words)[number],
            string
          >),
          right: t.raw('right'),
          wasOver: t.raw('wasOver'),
        }}
      />
    </div>
  )
}
