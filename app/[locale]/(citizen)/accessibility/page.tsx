import { getTranslations } from 'next-intl/server'
import { StandingPage } from '#components/layout/standing-page.tsx'
import { Telephone } from '#components/ui/telephone.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

const parts = ['aim', 'checked', 'limits', 'help'] as const

export const generateMetadata = titled('accessibility', 'title')

export default async function AccessibilityPage() {
  const t = await getTranslations('accessibility')
  return (
    <StandingPage
      title={t('title')}
      lead={t('lead')}
      parts={parts.map((key) => ({
        key,
        title: t(`parts.${key}.title`),
        text: t.rich(`parts.${key}.text`, {
          ...richTags,
          call: () => <Telephone number={citySettings().hotline} />,
        }),
      }))}
    />
  )
}
