import { getLocale, getTranslations } from 'next-intl/server'
import { CITY } from '#cities/city.ts'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { AgencyLinks, WardGroups } from '#features/agencies/agency-links.tsx'
import { AgencySearch } from '#features/agencies/agency-search.tsx'
import { listFormerNames } from '#features/agencies/data.ts'
import { AGENCY_GROUPS, type Agency, byArea, englishName, groupOf } from '#features/agencies/rules.ts'
import { type FormerName, searchExample, searchPlaces } from '#features/agencies/search-rules.ts'
import { listAgencies } from '#features/ratings/rating/data.ts'
import { RecentPlaces } from '#features/ratings/rating/recent-places.tsx'
import { agenciesOnMap } from '#features/results/map/rules.ts'
import { DistrictMap } from '#features/results/map/tile-map.tsx'
import type { Access } from '#lib/access/access.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('survey.choose', 'title')

/** Renders every agency as a link, in two groups. A search filters them, with a plain form. */
export default async function ChoosePage({ searchParams }: PageProps<'/[locale]/rate'>) {
  const [locale, t, { q }, all] = await Promise.all([
    getLocale(),
    getTranslations('survey.choose'),
    searchParams,
    listAgencies(new Date()),
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

/** Renders the two groups side by side: districts as on the city's map, or wards by district. */
async function Everybody({ all }: { readonly all: readonly Agency[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.choose')])
  const named = ({ id, nameVi, nameEn }: Agency) => ({ id, name: locale === 'vi' ? nameVi : nameEn })
  const local = all.filter(({ kind }) => groupOf(kind) === 'districts')
  const placed = agenciesOnMap(local)
  // If the map has only some of them, they are listed by their former district.
  const onMap = placed.length === local.length
  const { areas, others } = byArea(onMap ? [] : local)
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-9 lg:grid-cols-[minmax(0,1.75fr)_minmax(0,1fr)] lg:gap-12">
      <section className="stack" aria-labelledby="districts">
        <h2 id="districts">{t(areas.length > 0 ? 'wards' : 'districts')}</h2>
        {onMap ? <DistrictMap districts={placed.map(named)} /> : null}
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
        {CITY.departments_note && <p className="text-soft">{CITY.departments_note[locale]}</p>}
        <AgencyLinks
          look="side"
          agencies={all.filter(({ kind }) => groupOf(kind) === 'departments').map(named)}
        />
      </section>
    </div>
  )
}

async function Found({ all, query }: { readonly all: readonly Agency[]; readonly query: string }) {
  const [locale, t, names] = await Promise.all([
    getLocale(),
    getTranslations('survey.choose'),
    listFormerNames(new Date()),
  ])
  const { found, former, near } = searchPlaces(all, names, query)
  const offered = found.length > 0 ? found : near
  if (offered.length + former.length === 0) {
    return (
      <EmptyState title={t('none')}>
        <p>{t('noneText', { example: searchExample() })}</p>
        <p>
          <Link href="/rate">{t('all')}</Link>
        </p>
      </EmptyState>
    )
  }
  const said =
    near.length > 0 ? t('nearest') : found.length > 0 ? t('found', { count: found.length }) : t('onlyFormer')
  return (
    <>
      <p className="flex flex-wrap gap-x-4">
        {said} <Link href="/rate">{t('all')}</Link>
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
      {former.length === 0 ? null : <FormerNames former={former} />}
    </>
  )
}

async function FormerNames({ former }: { readonly former: readonly FormerName[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('survey.choose')])
  return (
    <section className="stack" aria-labelledby="former">
      <h2 id="former">{t('former')}</h2>
      {former.map((one) => {
        const name = locale === 'vi' ? one.nameVi : one.nameEn
        const district = one.district ?? ''
        const date = one.on === null ? '' : formatDate(locale, one.on)
        const values = { name, date, district: locale === 'vi' ? district : englishName(district) }
        const key = one.now.length === 0 ? 'abolished' : one.why
        return (
          <div
            key={`${one.id} ${one.nameVi} ${district}`}
            className="space-y-2"
            data-suggested-as={district === '' ? name : `${name}, ${values.district}`}
          >
            <p>{t(`formerName.${key}`, values)}</p>
            {one.id !== null && one.now.length === 0 ? (
              <AgencyLinks agencies={[{ id: one.id, name }]} />
            ) : (
              <AgencyLinks
                agencies={one.now.map(({ id, nameVi, nameEn }) => ({
                  id,
                  name: locale === 'vi' ? nameVi : nameEn,
                }))}
              />
            )}
          </div>
        )
      })}
    </section>
  )
}
