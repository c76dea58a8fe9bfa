import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('case.ended')
  return { title: t('metaTitle'), robots: { index: false } }
}

export default async function EndedPage() {
  const t = await getTranslations('case.ended')
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('text')} />
      <ButtonLink href="/track" look="quiet">
        {t('again')}
      </ButtonLink>
    </div>
  )
}
