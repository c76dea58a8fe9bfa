import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { richTags } from '#components/help/rich-text.tsx'
import { StandingPage } from '#components/help/standing-page.tsx'

const parts = ['what', 'why', 'who', 'how', 'long', 'cookies', 'rights'] as const

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('privacy')
  return { title: t('title') }
}

export default async function PrivacyPage() {
  const t = await getTranslations('privacy')
  return (
    <StandingPage
      title={t('title')}
      lead={t('lead')}
      parts={parts.map((key) => ({
        key,
        title: t(`parts.${key}.title`),
        text: t.rich(`parts.${key}.text`, richTags),
      }))}
    />
  )
}
