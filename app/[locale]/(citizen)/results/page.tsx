import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Headline } from '#components/survey/headline.tsx'
import { Method } from '#components/survey/method.tsx'
import { ResultsTable } from '#components/survey/results-table.tsx'
import { TileMap } from '#components/survey/tile-map.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { AGENCY_GROUPS, groupOf } from '#domain/survey/agency.ts'
import { results } from '#server/survey/loaders/results.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('results')
  return { title: t('title') }
}

export default async function ResultsPage() {
  const [t, { city, agencies }] = await Promise.all([getTranslations('results'), results(new Date())])
  return (
    <div className="space-y-12">
      <Headline figures={city} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-9 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)] lg:gap-16">
        <section className="stack" aria-labelledby="map">
          <h2 id="map">{t('map')}</h2>
          <TileMap agencies={agencies} />
          <p className="text-[0.85rem] text-soft">{t('mapNote')}</p>
        </section>
        <div className="stack self-start">
          <Notice tone="wait" title={t('noRank')}>
            <p>{t('noRankText')}</p>
          </Notice>
          <p>
            <a
              className="button"
              data-look="quiet"
              data-size="small"
              href="/api/v1/results?format=csv"
              download
            >
              {t('csv')}
            </a>
          </p>
        </div>
      </div>
      {AGENCY_GROUPS.map((group) => (
        <section key={group} className="stack" aria-labelledby={group}>
          <h2 id={group}>{t(group)}</h2>
          <ResultsTable
            caption={t(group)}
            agencies={agencies.filter(({ agency }) => groupOf(agency.kind) === group)}
          />
        </section>
      ))}
      <Method />
    </div>
  )
}
