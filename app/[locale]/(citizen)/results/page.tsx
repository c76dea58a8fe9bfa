import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { CityTrendSection } from '#components/survey/city-trend-section.tsx'
import { GroupFigures } from '#components/survey/group-figures.tsx'
import { GroupResults } from '#components/survey/group-results.tsx'
import { Headline } from '#components/survey/headline.tsx'
import { Method } from '#components/survey/method.tsx'
import { OpenReports } from '#components/survey/open-reports.tsx'
import { ResultsTabs } from '#components/survey/results-tabs.tsx'
import { TileMap } from '#components/survey/tile-map.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { AGENCY_GROUPS, groupOf, placesOf } from '#domain/survey/agency.ts'
import { onMap } from '#domain/survey/tile-map.ts'
import { openReports } from '#server/survey/loaders/reports.ts'
import { cityTrend, results } from '#server/survey/loaders/results.ts'

interface Props {
  readonly searchParams: Promise<Readonly<Record<string, string | string[] | undefined>>>
}

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('results')
  return { title: t('title') }
}

const ORDERS = ['usual', 'band'] as const

export default async function ResultsPage({ searchParams }: Props) {
  const now = new Date()
  const t = await getTranslations('results')
  const [{ city, groups, agencies, former }, trend, reports, { order: asked, redrawn }] = await Promise.all([
    results(now),
    cityTrend(now),
    openReports(now),
    searchParams,
  ])
  const order = asked === 'band' ? 'band' : 'usual'
  const places = placesOf(agencies.map(({ agency }) => agency.kind))
  const banded = agencies.some(({ band }) => band !== null)
  return (
    <div className="space-y-12">
      <ResultsTabs current="agencies" />
      <Headline figures={city} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-9 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)] lg:gap-16">
        {onMap(agencies.map(({ agency }) => agency)).length === 0 ? null : (
          <section className="stack" aria-labelledby="map">
            <h2 id="map">{t('map.title')}</h2>
            <TileMap agencies={agencies} />
            <p className="text-sm text-soft">{t('map.note')}</p>
          </section>
        )}
        <div className="stack-l self-start">
          <GroupFigures groups={groups} agencies={agencies} former={former} />
          <Notice tone="wait" title={t('noRank')}>
            <p>{t('noRankText')}</p>
          </Notice>
          <Downloads csv={t('csv')} explained={t('dataLink')} />
        </div>
      </div>
      <CityTrendSection label={t('trend.chartCity')} trend={trend} linked />
      {banded ? (
        <nav aria-label={t('order.label')} className="print-hidden flex flex-wrap gap-x-6 gap-y-2">
          <span className="text-soft">{t('order.label')}:</span>
          {ORDERS.map((one) => (
            <Link
              key={one}
              href={{
                pathname: '/results',
                query: { order: one === 'band' ? one : undefined },
                hash: 'districts',
              }}
              aria-current={one === order ? 'true' : undefined}
              className="aria-[current]:font-semibold aria-[current]:text-ink aria-[current]:no-underline"
            >
              {t(`order.${one}`)}
            </Link>
          ))}
        </nav>
      ) : null}
      {AGENCY_GROUPS.map((group) => (
        <GroupResults
          key={group}
          id={group}
          title={t(group, { places })}
          order={order}
          agencies={agencies.filter(({ agency }) => groupOf(agency.kind) === group)}
        />
      ))}
      {former.length === 0 ? null : (
        <div className="stack">
          <GroupResults id="former" title={t('former')} order={null} agencies={former} />
          <p className="text-soft">{t('formerText')}</p>
        </div>
      )}
      <OpenReports reports={reports} redrawn={typeof redrawn === 'string' ? redrawn : null} />
      <Method />
    </div>
  )
}

function Downloads({ csv, explained }: { readonly csv: string; readonly explained: string }) {
  return (
    <p className="actions">
      <a className="button" data-look="quiet" data-size="small" href="/api/v1/results?format=csv" download>
        {csv}
      </a>
      <Link href="/results/data">{explained}</Link>
    </p>
  )
}
