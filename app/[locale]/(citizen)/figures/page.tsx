import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import { Table } from '#components/ui/table.tsx'
import { publicDelays } from '#features/lateness/data.ts'
import { monthLabel, parseMonth, people, percent } from '#features/results/rules.ts'
import { KindsChart } from '#features/statistics/charts.tsx'
import { type PublicFacts, readPublicFacts } from '#features/statistics/data.ts'
import type { Facts } from '#features/statistics/rules.ts'
import { ALL_COLUMNS, CarrierTimes, FactsTable, KIND_COLUMNS } from '#features/statistics/tables.tsx'
import type { SearchOf } from '#http/kept-pages.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('figures', 'title')

const RULES = ['fives', 'once', 'share', 'events', 'carriers', 'delays'] as const
/** Without the share: a district's numbers are too small for it. The sum comes first, because a phone shows little more. */
const AREA_COLUMNS = [
  'reported',
  ...ALL_COLUMNS.filter((column) => column !== 'share' && column !== 'reported'),
] as const

const ON_PHONE = ['reported', 'blocked'] as const

const TABLES = ['headline', 'areas', 'months', 'hours', 'carriers', 'delays'] as const

export default async function FiguresPage({ searchParams }: { readonly searchParams: SearchOf<'/figures'> }) {
  const t = await getTranslations('figures')
  const { month } = await searchParams
  const asked = typeof month === 'string' ? parseMonth(month) : null
  // An unpublished month shows the last twelve instead.
  const found = await readPublicFacts(asked)
  const facts = found?.span.length === 0 ? await readPublicFacts(null) : found
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {facts === null ? (
        <EmptyState title={t('none')}>
          <p>{t('noneText')}</p>
          <p className="actions">
            <ButtonLink href="/report">{t('toReport')}</ButtonLink>
            <ButtonLink href="/results" look="quiet">
              {t('toResults')}
            </ButtonLink>
          </p>
        </EmptyState>
      ) : (
        <>
          <Published facts={facts} />
          <Delays />
          <Method />
        </>
      )}
    </div>
  )
}

async function Delays() {
  const [t, delays] = await Promise.all([getTranslations('figures.delays'), publicDelays(new Date())])
  return (
    <PhoneFold id="delays" title={t('title')}>
      <p>{t('text')}</p>
      <Table
        caption={t('title')}
        captionHidden
        columns={[
          { head: t('what'), cell: ({ kind }) => t(`kind.${kind}`) },
          {
            head: t('worst'),
            align: 'end',
            cell: ({ days }) => (days === null ? t('few') : t('days', { days })),
          },
        ]}
        rows={delays}
        keyOf={({ kind }) => kind}
        marks={({ kind }) => ({ 'data-delay': kind })}
      />
    </PhoneFold>
  )
}

async function Method() {
  const t = await getTranslations('figures')
  return (
    <PhoneFold id="how" title={t('how.title')} prose>
      <ul>
        {RULES.map((rule) => (
          <li key={rule}>{t(`how.${rule}`)}</li>
        ))}
      </ul>
      <p>
        {t('data')}{' '}
        {TABLES.map((table) => (
          <a
            key={table}
            className="mr-4 inline-block"
            href={`/api/v1/figures?format=csv&table=${table}`}
            download
          >
            {t(`table.${table}`)} (CSV)
          </a>
        ))}
        <a href="/api/v1/figures">JSON</a>
      </p>
    </PhoneFold>
  )
}

async function Published({ facts }: { readonly facts: PublicFacts }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures')])
  const label = (month: PublicFacts['months'][number]) => monthLabel(locale, month)
  const [first, last] = [facts.span[0], facts.span.at(-1)]
  const newest = facts.months.at(-1)
  if (first === undefined || last === undefined || newest === undefined) return null
  const alone = first === last
  const spanOf = ([from = last, ...more]: PublicFacts['span']) => {
    const to = more.at(-1) ?? from
    return from === to ? label(to) : t('span', { first: label(from), last: label(to) })
  }
  const span = spanOf(facts.span)
  const small = facts.quarter?.areas ?? []
  const named = (areas: PublicFacts['areas']) =>
    areas.map((row) => ({ ...row, key: row.area, name: locale === 'vi' ? row.nameVi : row.nameEn }))
  const carriers = facts.carriers.filter((one) => one.month === newest)
  const city = facts.city.map((row) => ({ ...row, key: row.month, name: label(row.month) }))
  return (
    <>
      <section className="stack" aria-labelledby="city">
        <h2 id="city">{t('city', { span })}</h2>
        <Totals facts={facts.spanTotal} />
      </section>
      <PhoneFold id="months" title={t('months')}>
        <KindsChart label={t('chart.months')} rows={city} onPhone={12} />
        <Details summary={t('monthsTable')}>
          <FactsTable
            caption={t('monthsTable')}
            of={t('month')}
            columns={ALL_COLUMNS}
            rows={city.toReversed().map((row) => ({
              ...row,
              name: (
                <Link href={{ pathname: '/figures', query: { month: row.month }, hash: 'areas' }}>
                  {row.name}
                </Link>
              ),
            }))}
          />
        </Details>
      </PhoneFold>
      <PhoneFold id="areas" title={t('areas', { span })}>
        <p>{t('areasText')}</p>
        {alone ? (
          <p>
            <Link href={{ pathname: '/figures', hash: 'areas' }}>{t('allMonths')}</Link>
          </p>
        ) : null}
        <FactsTable
          caption={t('areas', { span })}
          of={t('area')}
          columns={AREA_COLUMNS}
          onPhone={ON_PHONE}
          rows={named(facts.areas.filter(({ area }) => !small.some((one) => one.area === area)))}
        />
        {small.length === 0 ? null : (
          <>
            <h3>{t('small', { span: spanOf(facts.quarter?.months ?? []) })}</h3>
            <p>{t('smallText')}</p>
            <FactsTable
              caption={t('small', { span: spanOf(facts.quarter?.months ?? []) })}
              of={t('area')}
              columns={AREA_COLUMNS}
              onPhone={ON_PHONE}
              rows={named(small)}
            />
          </>
        )}
      </PhoneFold>
      <PhoneFold id="hours" title={t('hours', { span })}>
        <KindsChart
          label={t('chart.hours')}
          rows={facts.hours.map((row) => ({ ...row, key: row.hour, name: row.hour }))}
          onPhone={24}
        />
        <Details summary={t('hoursTable')}>
          <FactsTable
            caption={t('hoursTable')}
            of={t('hour')}
            columns={KIND_COLUMNS}
            rows={facts.hours.map((row) => ({
              ...row,
              key: row.hour,
              name: t('hourOf', { hour: row.hour }),
            }))}
          />
        </Details>
      </PhoneFold>
      <PhoneFold id="carriers" title={t('carriers.titleOf', { month: label(newest) })}>
        <p>{carriers.length === 0 ? t('carriers.none') : t('carriers.text')}</p>
        {carriers.length === 0 ? null : <CarrierTimes carriers={carriers} />}
      </PhoneFold>
    </>
  )
}

async function Totals({ facts }: { readonly facts: Facts }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures')])
  const counts = ['reported', 'blocked', 'recovered', 'wrong'] as const
  return (
    <>
      <Figures
        items={counts.map((key) => ({ key, value: people(locale, facts[key]), label: t(`total.${key}`) }))}
      />
      {facts.share === null ? null : (
        <p data-share={facts.share} data-part={facts.blockedInTime} data-whole={facts.reported}>
          {t('shareOf', {
            share: percent(locale, facts.share),
            part: people(locale, facts.blockedInTime),
            whole: people(locale, facts.reported),
          })}
        </p>
      )}
    </>
  )
}
