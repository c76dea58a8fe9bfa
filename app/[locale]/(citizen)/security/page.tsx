import { getTranslations } from 'next-intl/server'
import { StandingPage } from '#components/layout/standing-page.tsx'
import { Telephone } from '#components/ui/telephone.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import { securityContact } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

const parts = ['promise', 'allowed', 'refrain'] as const

export const generateMetadata = titled('security', 'title')

export default async function SecurityPage() {
  const t = await getTranslations('security')
  const contact = securityContact()
  const how = contact ? (
    <>
      <p>
        {t('write')} <a href={contact}>{contact.replace(/^mailto:/, '')}</a>
      </p>
      {t.rich('parts.how.text', richTags)}
    </>
  ) : (
    <>
      {t.rich('noContact', { ...richTags, call: () => <Telephone number={citySettings().hotline} /> })}
      {t.rich('parts.how.text', richTags)}
    </>
  )
  return (
    <StandingPage
      title={t('title')}
      lead={t('lead')}
      parts={[
        { key: 'how', title: t('parts.how.title'), text: how },
        ...parts.map((key) => ({
          key,
          title: t(`parts.${key}.title`),
          text: t.rich(`parts.${key}.text`, richTags),
        })),
      ]}
    />
  )
}
