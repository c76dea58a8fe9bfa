import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import type { Figures } from '../rules/results.ts'
import { percent } from './percent.ts'

export interface HeadlineProps {
  readonly figures: Figures
  /** An agency's name above the title; the city has none. */
  readonly agency?: string
  /** True when several versions of the questions were asked, whose tens are counted separately. */
  readonly severalVersions?: boolean
}

/** Renders the share satisfied with its interval in a sentence, or says that there is none yet. */
export async function Headline({ figures, agency, severalVersions = false }: HeadlineProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const { share, responses } = figures
  const kicker = agency ?? t('title')
  if (share === null) {
    const words = agency === undefined ? 'none' : severalVersions ? 'notYetVersions' : 'notYet'
    return (
      <PageHeader kicker={kicker} title={t(words)} lead={t(`${words}Text`)}>
        {agency === undefined ? (
          <p className="actions">
            <ButtonLink href="/rate">{t('rate')}</ButtonLink>
          </p>
        ) : null}
      </PageHeader>
    )
  }
  return (
    <PageHeader
      kicker={kicker}
      title={t('headline', { share: percent(locale, share.satisfied) })}
      lead={t('range', {
        low: percent(locale, share.low),
        high: percent(locale, share.high),
        count: responses,
      })}
    />
  )
}
