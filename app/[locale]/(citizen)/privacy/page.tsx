import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { richTags } from '#components/help/rich-text.tsx'
import { StandingPage } from '#components/help/standing-page.tsx'
import { noticeSettings } from '#server/privacy/loaders.ts'

const parts = [
  'controller',
  'what',
  'why',
  'who',
  'how',
  'long',
  'backups',
  'cookies',
  'rights',
  'complain',
] as const

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('privacy')
  return { title: t('title') }
}

export default async function PrivacyPage() {
  const t = await getTranslations('privacy')
  const settings = noticeSettings()
  return (
    <StandingPage
      title={t('title')}
      lead={t('lead')}
      parts={parts.map((key) => ({
        key,
        title: t(`parts.${key}.title`),
        // Numbers come from the settings that the jobs run by: they are written nowhere else.
        text: t.rich(`parts.${key}.text`, {
          ...richTags,
          ...settings,
          contact: settings.contact ?? t('contact'),
        }),
      }))}
    />
  )
}
