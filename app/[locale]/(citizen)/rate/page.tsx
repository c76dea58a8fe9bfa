import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { AgencyLinks } from '#components/survey/agency-links.tsx'
import { AgencySearch } from '#components/survey/agency-search.tsx'
import { DistrictMap } from '#components/survey/district-map.tsx'
import { RecentPlaces } from '#components/survey/recent-places.tsx'
import { WardGroups } from '#components/survey/ward-groups.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { AGENCY_GROUPS, type Agency, byArea, englishName, groupOf } from '#domain/survey/agency.ts'
import { nearestAgencies, searchAgencies } from '#domain/survey/agency-search.ts'
import { onMap } from '#domain/survey/tile-map.ts'
import { pathFor } from '#messages/paths.ts'
import { agencies } from '#server/survey/loaders/rating.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('survey.choose')
  return { title: t('title') }
}

type Search = Promise<{ readonly q?: string | string[] }>

/** Every agency as a link, in two groups; a search narrows them, and works as a plain form. */
export default async function ChoosePage({ searchParams }: { searchParams: Search }) {
  const [locale, t, { q }, all] = await Promise.all([
    getLocale(),
    getTranslations('survey.choose'),
    searchParams,
    agencies(new Date()),
  ])
  const query = typeof q === 'string' ? q.slice(0, 100) : ''
  const path = pathFor(locale, { pathname: '/rate/[agency]', params: { agency: '' } })
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <AgencySearch query={query} />
      {query.trim() === '' ? (
        <>
          <RecentPlaces
            locale={locale}
            path={`${path}{id}`}
            words={{ title: t('recent'), note: t('recentNote'), forget: t('forget') }}
          />
          <Everybody all={all} />
        </>
      ) : (
        <Found all={all} query={query} />
      )}
    </div>
  )
}

/** The two groups beside each other: districts as on the city's map, or its wards by district. */
async function Everybody({ all }: { readonly all: readonly Agency[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.choose')])
  const named = ({ id, nameVi, nameEn }: Agency) => ({ id, name: locale === 'vi' ? nameVi : nameEn })
  const local = all.filter(({ kind }) => groupOf(kind) === 'districts')
  const placed = onMap(local)
  const { areas, others } = byArea(local.filter((agency) => !placed.includes(agency)))
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-9 lg:grid-cols-[minmax(0,1.75fr)_minmax(0,1fr)] lg:gap-12">
      <section className="stack" aria-labelledby="districts">
        <h2 id="districts">{t(areas.length > 0 ? 'wards' : 'districts')}</h2>
        {placed.length === 0 ? null : <DistrictMap districts={placed.map(named)} />}
        {areas.length > 0 ? <p className="text-soft">{t('wardsHint')}</p> : null}
        {areas.length + others.length === 0 ? null : (
          <WardGroups
            groups={areas.map(({ area, agencies }) => ({
              title: locale === 'vi' ? area : englishName(area),
              wards: agencies.map(named),
            }))}
            others={others.map(named)}
          />
        )}
      </section>
      <section className="stack" aria-labelledby="departments">
        <h2 id="departments">{t('departments')}</h2>
        <AgencyLinks
          look="side"
          agencies={all.filter(({ kind }) => groupOf(kind) === 'departments').map(named)}
        />
      </section>
    </div>
  )
}

/** What a search finds; where that is nothing, whom it may have meant. */
async function Found({ all, query }: { readonly all: readonly Agency[]; readonly query: string }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.choose')])
  const found = searchAgencies(all, query)
  const offered = found.length > 0 ? found : nearestAgencies(all, query)
  if (offered.length === 0) {
    return (
      <EmptyState title={t('none')}>
        <p>{t('noneText')}</p>
        <p>
          <Link href="/rate">{t('all')}</Link>
        </p>
      </EmptyState>
    )
  }
  return (
    <>
      <p className="flex flex-wrap gap-x-4">
        {found.length > 0 ? t('found', { count: found.length }) : t('nearest')}{' '}
        <Link href="/rate">{t('all')}</Link>
      </p>
      {AGENCY_GROUPS.map((group) => {
        const some = offered.filter(({ kind }) => groupOf(kind) === group)
        const wards = some.some(({ areas }) => areas.length > 0)
        return some.length === 0 ? null : (
          <section key={group} className="stack" aria-labelledby={group}>
            <h2 id={group}>{t(wards ? 'wards' : group)}</h2>
            <AgencyLinks
              agencies={some.map(({ id, nameVi, nameEn, areas }) => ({
                id,
                name: locale === 'vi' ? nameVi : nameEn,
                ...(areas.length > 0 && {
                  note: areas.map((area) => (locale === 'vi' ? area : englishName(area))).join('; '),
                }),
              }))}
            />
          </section>
        )
      })}
    </>
  )
}
