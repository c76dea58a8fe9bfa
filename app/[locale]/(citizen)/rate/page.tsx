import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { AgencyLinks } from '#components/survey/agency-links.tsx'
import { AgencySearch } from '#components/survey/agency-search.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { AGENCY_GROUPS, groupOf, searchAgencies } from '#domain/survey/agency.ts'
import { agencies } from '#server/survey/loaders/rating.ts'

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('survey.choose')
  return { title: t('title') }
}

type Search = Promise<{ readonly q?: string | string[] }>

/** Every agency as a link, in two groups; a search narrows them, and works as a plain form. */
export default async function ChoosePage({ searchParams }: { searchParams: Search }) {
  const [locale, t, { q }] = await Promise.all([getLocale(), getTranslations('survey.choose'), searchParams])
  const query = typeof q === 'string' ? q.slice(0, 100) : ''
  const found = searchAgencies(await agencies(new Date()), query)
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <AgencySearch query={query} />
      {query.trim() === '' ? null : (
        <p className="flex flex-wrap gap-x-4">
          {t('found', { count: found.length })} <Link href="/rate">{t('all')}</Link>
        </p>
      )}
      {found.length === 0 ? (
        <EmptyState title={t('none')}>
          <p>{t('noneText')}</p>
        </EmptyState>
      ) : (
        AGENCY_GROUPS.map((group) => (
          <AgencyLinks
            key={group}
            title={t(group)}
            agencies={found
              .filter(({ kind }) => groupOf(kind) === group)
              .map(({ id, nameVi, nameEn }) => ({ id, name: locale === 'vi' ? nameVi : nameEn }))}
          />
        ))
      )}
    </div>
  )
}
