import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { monthLabel } from '#features/results/components/month-label.ts'
import { people, percent } from '#features/results/components/percent.ts'
import type { Month } from '#features/results/rules/month.ts'
import type { Facts } from '../rules/facts.ts'
import { ALL_COLUMNS, FactsTable } from './facts-table.tsx'

const COUNTS = ['reported', 'blocked', 'recovered', 'wrong'] as const

export interface NewestMonthProps {
  /** The city's published months, the oldest first. */
  readonly months: readonly (Facts & { readonly month: Month })[]
}

/** Shows the newest published month in a few figures, with a table of all months; null where there is none. */
export async function NewestMonth({ months }: NewestMonthProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures')])
  const newest = months.at(-1)
  if (newest === undefined) return null
  const of = (month: typeof newest.month) => monthLabel(locale, month)
  const items = COUNTS.map((key) => ({ key, value: people(locale, newest[key]), label: t(`total.${key}`) }))
  const share = newest.share === null ? null : percent(locale, newest.share)
  const table = t('newest.table', { count: months.length })
  return (
    <section className="stack" aria-labelledby="newest-month">
      <h2 id="newest-month">{t('newest.title', { month: of(newest.month) })}</h2>
      <Figures
        items={[
          ...items,
          ...(share === null ? [] : [{ key: 'share', value: share, label: t('newest.share') }]),
        ]}
      />
      <Details summary={table}>
        <FactsTable
          caption={table}
          of={t('month')}
          columns={ALL_COLUMNS}
          rows={months.toReversed().map((row) => ({ ...row, key: row.month, name: of(row.month) }))}
        />
      </Details>
      <p className="text-sm text-soft">
        {t('newest.how')} <Link href="/figures">{t('newest.all')}</Link>
      </p>
    </section>
  )
}
