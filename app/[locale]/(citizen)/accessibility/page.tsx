import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { richTags } from '#components/help/rich-text.tsx'
import { StandingPage } from '#components/help/standing-page.tsx'

const parts = ['aim', 'checked', 'limits', 'help'] as const

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('accessibility')
  return { title: t('title') }
}

export default async function AccessibilityPage() {
  const t = await getTranslations('accessibility')
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
