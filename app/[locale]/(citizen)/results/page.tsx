import { getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { AGENCY_GROUPS, groupOf, placesOf } from '#features/agencies/rules.ts'
import { OpenReports } from '#features/city-report/open-reports.tsx'
import { listOpenReports } from '#features/city-report/page-data.ts'
import { readCityTrend, readResults } from '#features/results/data.ts'
import { GroupFigures, GroupResults, Headline, Method } from '#features/results/headline.tsx'
import { agenciesOnMap } from '#features/results/map/rules.ts'
import { TileMap } from '#features/results/map/tile-map.tsx'
import { ResultsTabs } from '#features/results/results-table.tsx'
import { CityTrendSection } from '#features/results/trend/trend-section.tsx'
import type { SearchOf } from '#http/kept-pages.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('results', 'title')

const ORDERS = ['usual', 'band'] as const

export default async function ResultsPage({ searchParams }: { readonly searchParams: SearchOf<'/results'> }) {
  const now = new Date()
  const t = await getTranslations('results')
  const [
    { city, groups, agencies, former, dispersion, weighted },
    trend,
    reports,
    { order: asked, redrawn },
  ] = await Promise.all([readResults(now), readCityTrend(now), listOpenReports(now), searchParams])
  const order = asked === 'band' ? 'band' : 'usual'
  const places = placesOf(agencies.map(({ agency }) => agency.kind))
  const placed = agenciesOnMap(agencies.map(({ agency }) => agency))
  const local = agencies.filter(({ agency }) => groupOf(agency.kind) === 'districts').length
  const banded = agencies.some(({ band }) => band !== null)
  return (
    <div className="space-y-6 md:space-y-12">
      <ResultsTabs current="agencies" />
      <Headline figures={city} weighted={weighted} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-9 lg:grid-cols-[minmax(0,1.5fr)_minmax(0,1fr)] lg:gap-16">
        {placed.length === 0 ? null : (
          <section className="stack" aria-labelledby="map">
            <h2 id="map">
              {t('map.title', { count: placed.length, places: placesOf(placed.map(({ kind }) => kind)) })}
            </h2>
            <TileMap agencies={agencies} />
            <p className="text-sm text-soft">
              {t('map.note')}
              {placed.length < local ? ` ${t('map.part', { count: placed.length, all: local })}` : null}
            </p>
          </section>
        )}
        <div className="stack-l self-start">
          <GroupFigures groups={groups} agencies={agencies} former={former} />
          <div className="folds">
            <Details summary={t('noRank')} look="row">
              <p>{t('noRankText')}</p>
            </Details>
            <Details summary={t('bars.data')} look="row">
              <Downloads csv={t('csv')} explained={t('dataLink')} />
            </Details>
          </div>
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
      <Method dispersion={dispersion} />
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
