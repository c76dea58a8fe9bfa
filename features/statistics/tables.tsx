import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Details } from '#components/ui/details.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { type Month, monthLabel, people, percent } from '#features/results/rules.ts'
import type { CarrierFacts, Facts } from './rules.ts'

export const KIND_COLUMNS = ['robbed', 'snatched', 'stolen', 'lost', 'reported'] as const
export const ALL_COLUMNS = [...KIND_COLUMNS, 'share', 'verified', 'blocked', 'recovered', 'wrong'] as const

interface FactsTableProps {
  readonly caption: string
  /** The column that names its row. */
  readonly of: string
  readonly columns: readonly (typeof ALL_COLUMNS)[number][]
  readonly rows: readonly (Facts & { readonly key: string; readonly name: ReactNode })[]
}

/** Renders published counts, one row a month, district or hour. */
export async function FactsTable({ caption, of, columns, rows }: FactsTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures')])
  // Half of a table of districts is zeros, so other numbers are emphasised.
  const count = (value: number) => (
    <span className={value === 0 ? 'num text-soft' : 'num'}>{people(locale, value)}</span>
  )
  const share = (row: Facts) =>
    row.share === null ? null : <b className="num">{percent(locale, row.share)}</b>
  return (
    <Table
      caption={caption}
      captionHidden
      phone="scroll"
      columns={[
        { key: 'name', label: of },
        ...columns.map((key) => ({ key, label: t(`column.${key}`), align: 'end' as const })),
      ]}
      rows={rows.map((row) => ({
        key: row.key,
        marks: {
          'data-row': row.key,
          'data-reported': row.reported,
          'data-share': row.share ?? '',
          'data-robbed': row.robbed,
          'data-snatched': row.snatched,
        },
        cells: {
          name: row.name,
          ...Object.fromEntries(columns.map((key) => [key, key === 'share' ? share(row) : count(row[key])])),
        },
      }))}
    />
  )
}

const COLUMNS = ['orders', 'share', 'median', 'p90'] as const

interface CarrierTimesProps {
  readonly carriers: readonly CarrierFacts[]
  /** The key that tells the rows apart: the carrier, of one month; or the month, of one carrier. */
  readonly by?: 'name' | 'month'
  /** The carrier whose own page it is. */
  readonly own?: string
}

/** Shows how fast carriers carried out their orders. */
export async function CarrierTimes({ carriers, by = 'name', own }: CarrierTimesProps) {
  const [locale, t, time] = await Promise.all([
    getLocale(),
    getTranslations('figures.carriers'),
    durationWords(),
  ])
  const named = ({ carrierId, name, month }: CarrierFacts) => {
    if (by === 'month') return monthLabel(locale, month)
    return carrierId === own ? <b>{name}</b> : name
  }
  return (
    <Table
      caption={t('title')}
      captionHidden
      columns={[
        { key: 'name', label: t(by) },
        ...COLUMNS.map((key) => ({ key, label: t(key), align: 'end' as const })),
      ]}
      rows={carriers.map((one) => ({
        key: `${one.carrierId} ${one.month}`,
        marks: { 'data-carrier': one.carrierId, 'data-suppressed': one.orders === null },
        cells: { name: named(one), ...cellsOf(one) },
      }))}
    />
  )

  function cellsOf({ orders, share, medianSeconds, p90Seconds }: CarrierFacts) {
    if (orders === null || share === null) return { orders: <span className="text-soft">{t('few')}</span> }
    return {
      orders: <span className="num">{people(locale, orders)}</span>,
      share: <b className="num">{percent(locale, share)}</b>,
      median: <span className="num">{time(medianSeconds)}</span>,
      p90: <span className="num">{time(p90Seconds)}</span>,
    }
  }
}

const COUNTS = ['reported', 'blocked', 'recovered', 'wrong'] as const

interface NewestMonthProps {
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

/** Says how long something took: whole minutes below an hour, then hours with a decimal; null is never. */
export async function durationWords(): Promise<(seconds: number | null) => string> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures.carriers')])
  const hours = new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })
  return (seconds) =>
    seconds === null
      ? t('never')
      : seconds < 3600
        ? t('minutes', { count: Math.ceil(seconds / 60) })
        : t('hours', { count: hours.format(seconds / 3600) })
}
