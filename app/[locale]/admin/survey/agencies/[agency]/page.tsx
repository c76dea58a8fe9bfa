import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Written } from '#components/ui/written.tsx'
import { type ManagedAgency, readManagedAgency } from '#features/agencies/changes/page-data.ts'
import { dayBefore } from '#features/agencies/changes/rules.ts'
import { englishName, nameIn, type Succession } from '#features/agencies/rules.ts'
import { people } from '#features/results/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { currentStaff, requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { localDate } from '#lib/time.ts'
import { formatDate } from '#messages/dates.ts'
import { pathFor } from '#messages/paths.ts'

export const access = 'survey:read' satisfies Access

const ACTS = ['rename', 'merge', 'split', 'close'] as const

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/survey/agencies/[agency]'>): Promise<Metadata> {
  const [{ agency: id }, locale, staff] = await Promise.all([params, getLocale(), currentStaff()])
  const found = staff && (await readManagedAgency(staff, decodeURIComponent(id), new Date()))
  return { title: found ? nameIn(locale, found.agency) : '' }
}

export default async function AgencyPage({ params }: PageProps<'/[locale]/admin/survey/agencies/[agency]'>) {
  const staff = await requireStaff(access)
  const [t, locale, { agency: id }] = await Promise.all([
    getTranslations('survey-agencies'),
    getLocale(),
    params,
  ])
  const now = new Date()
  const found = await readManagedAgency(staff, decodeURIComponent(id), now)
  if (found === null) notFoundPage(locale)
  const { agency, isOpen } = found
  const state = isOpen ? 'isOpen' : agency.validFrom > localDate(now) ? 'isComing' : 'isEnded'
  // To change an agency whose end is decided, withdraw that decision first.
  const changeable = isOpen && agency.validTo === null && may(staff.role, 'survey:manage')
  return (
    <div className="stack-l">
      <PageHeader
        kicker={<Link href="/admin/survey/agencies">{t('title')}</Link>}
        title={nameIn(locale, agency)}
      >
        <p>
          <Tag tone={isOpen ? 'ok' : 'wait'}>{t(`agency.${state}`)}</Tag>
        </p>
        {changeable ? (
          <p className="actions">
            {ACTS.map((kind) => (
              <ButtonLink
                key={kind}
                href={{
                  pathname: '/admin/survey/agencies/change',
                  query: { kind, agency: agency.id },
                }}
                look="quiet"
                size="small"
              >
                {t(`changeKind.${kind}`)}
              </ButtonLink>
            ))}
          </p>
        ) : null}
      </PageHeader>
      <Facts found={found} />
      <Versions found={found} />
      <Successions found={found} />
    </div>
  )
}

async function Facts({ found: { agency, published } }: { readonly found: ManagedAgency }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  const params = { agency: agency.id }
  const facts = [
    { key: 'kind', term: t('kindLabel'), value: t(`kind.${agency.kind}`) },
    { key: 'other', term: t('agency.nameEn'), value: agency.nameEn },
    { key: 'abbreviation', term: t('agency.abbreviation'), value: agency.abbreviation },
    {
      key: 'areas',
      term: t('agency.areas'),
      value: agency.areas.map((area) => (locale === 'vi' ? area : englishName(area))).join('; '),
    },
    {
      key: 'address',
      term: t('agency.address'),
      value: (
        <Link href={{ pathname: '/rate/[agency]', params }}>
          {pathFor(locale, { pathname: '/rate/[agency]', params })}
        </Link>
      ),
    },
    {
      key: 'published',
      term: t('agency.published'),
      value: (
        <>
          <span className="num">{people(locale, published)}</span>
          {' · '}
          <Link href={{ pathname: '/results/[agency]', params }}>{t('agency.results')}</Link>
        </>
      ),
    },
  ]
  return <SummaryList rows={facts.filter(({ value }) => value)} />
}

async function Versions({ found: { versions } }: { readonly found: ManagedAgency }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  return (
    <section className="stack">
      <h2>{t('agency.versions')}</h2>
      <Table
        caption={t('agency.versions')}
        captionHidden
        columns={[
          { head: t('name'), cell: ({ nameVi, nameEn }) => nameIn(locale, { nameVi, nameEn }) },
          {
            head: t('since'),
            cell: ({ validFrom }) => <span className="num">{formatDate(locale, validFrom)}</span>,
          },
          {
            head: t('until'),
            cell: ({ validTo }) => (
              <span className="num">
                {validTo ? formatDate(locale, dayBefore(validTo)) : t('agency.now')}
              </span>
            ),
          },
          { head: t('basis'), cell: ({ legalBasis }) => <Written>{legalBasis}</Written> },
        ]}
        rows={versions}
        keyOf={({ versionId }) => versionId}
      />
    </section>
  )
}

async function Successions({ found: { from, to, nameOf } }: { readonly found: ManagedAgency }) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  const list = (title: string, some: readonly Succession[], other: (one: Succession) => string | null) =>
    some.length === 0 ? null : (
      <section className="stack">
        <h2>{title}</h2>
        <ul className="list-disc pl-6">
          {some.map((one) => {
            const id = other(one)
            const name = id === null ? undefined : nameOf.get(id)
            return (
              <li key={`${one.on} ${id}`}>
                <span className="num">{formatDate(locale, one.on)}</span>, {t(`succession.${one.kind}`)}:{' '}
                {id === null ? (
                  t('agency.nobody')
                ) : (
                  <Link href={{ pathname: '/admin/survey/agencies/[agency]', params: { agency: id } }}>
                    {name ? nameIn(locale, name) : id}
                  </Link>
                )}{' '}
                <span className="text-soft">
                  (<Written>{one.basis}</Written>)
                </span>
              </li>
            )
          })}
        </ul>
      </section>
    )
  return (
    <>
      {list(t('agency.from'), from, ({ from }) => from)}
      {list(t('agency.to'), to, ({ to }) => to)}
    </>
  )
}
