import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { KeptOffline } from '#features/push/device-switch.tsx'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('case.ended', 'metaTitle', { robots: { index: false } })

export default async function EndedPage() {
  const t = await getTranslations('case.ended')
  return (
    <div className="stack-l">
      {/* For browsers without support for Clear-Site-Data. */}
      <KeptOffline told={false} language="" seenAt={null} />
      <PageHeader title={t('title')} lead={t('text')} />
      <ButtonLink href="/track" look="quiet">
        {t('again')}
      </ButtonLink>
    </div>
  )
}
