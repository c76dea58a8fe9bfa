import { getTranslations } from 'next-intl/server'
import { StandingPage } from '#components/layout/standing-page.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { getObjectionDays } from '#features/disputes/objections/data.ts'
import { CityLine } from '#features/hotlines/lines.tsx'
import { citySettings } from '#features/lookup-tables/data.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

const parts = ['sure', 'mine', 'bought', 'wrong', 'beware'] as const

export const generateMetadata = titled('blocked', 'title')

/**
 * Renders the page for a person whose phone no longer finds a network: the owner, a good-faith buyer, or a victim of a mistake.
 */
export default async function BlockedPage() {
  const t = await getTranslations('blocked')
  return (
    <StandingPage
      title={t('title')}
      lead={t('lead')}
      parts={parts.map((key) => ({
        key,
        title: t(`parts.${key}.title`),
        text: t.rich(`parts.${key}.text`, richTags),
      }))}
    >
      <Card className="stack max-w-[46rem]">
        <h2>{t('object.title')}</h2>
        <p>{t('object.text', { days: getObjectionDays().decision })}</p>
        <p className="actions">
          <ButtonLink href="/blocked/object">{t('object.button')}</ButtonLink>
          <ButtonLink href="/blocked/follow" look="quiet">
            {t('object.follow')}
          </ButtonLink>
        </p>
        <CityLine hotline={citySettings().hotline} />
      </Card>
    </StandingPage>
  )
}
