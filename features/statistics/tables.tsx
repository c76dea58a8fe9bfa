import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { type Month, monthLabel, people, percent } from '#features/results/rules.ts'
import type { CarrierFacts, Facts } from './rules.ts'

export const KIND_COLUMNS = ['robbed', 'snatched', 'stolen', 'lost', 'reported'] as const
export const ALL_COLUMNS = [...KIND_COLUMNS, 'share', 'verified', 'blocked', 'recovered', 'wrong'] as const

/** From this number on, districts whose counts are all rounded to zero are one line below the table. */
const FOLDED_FROM = 5

interface FactsTableProps {
  readonly caption: string
  readonly of: string
  readonly columns: readonly (typeof ALL_COLUMNS)[number][]
  /** The columns that a phone shows until the reader asks for all; all columns by default. */
  readonly onPhone?: readonly (typeof ALL_COLUMNS)[number][]
  readonly rows: readonly (Facts & { readonly key: string; readonly name: ReactNode })[]
}

/**
 * Renders published counts, one row per month, district or hour. Leaves out a column without any count. On a phone the
 * important columns come first, and a checkbox shows the others, also without JavaScript.
 */
export async function FactsTable({ caption, of, columns, onPhone, rows }: FactsTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures')])
  // Half of a table of districts is zeros, so other numbers are emphasised.
  const count = (value: number) => (
    <span className={value === 0 ? 'num text-soft' : 'num'}>{people(locale, value)}</span>
  )
  const told = columns.filter((column) => rows.some((row) => (row[column] ?? 0) > 0))
  const isZero = (row: Facts) => told.every((column) => (row[column] ?? 0) === 0)
  const folds = onPhone !== undefined && rows.filter(isZero).length >= FOLDED_FROM
  const zeros = rows.filter((row) => folds && isZero(row))
  const table = (
    <Table
      caption={caption}
      captionHidden
      phone="scroll"
      columns={[
        { head: of, cell: ({ name }) => name },
        ...told.map((column) => ({
          head: t(`column.${column}`),
          align: 'end' as const,
          ...(onPhone && !onPhone.includes(column) && { phone: 'more' as const }),
          cell: (row: Facts) =>
            column !== 'share' ? (
              count(row[column])
            ) : row.share === null ? null : (
              <b className="num">{percent(locale, row.share)}</b>
            ),
        })),
      ]}
      rows={rows.filter((row) => !zeros.includes(row))}
      keyOf={({ key }) => key}
      marks={(row) => ({
        'data-row': row.key,
        'data-reported': row.reported,
        'data-share': row.share ?? '',
        'data-robbed': row.robbed,
        'data-snatched': row.snatched,
      })}
    />
  )
  return onPhone === undefined ? (
    table
  ) : (
    <div className="facts">
      <label className="mb-2 flex items-center gap-2 text-sm md:hidden">
        <input type="checkbox" /> {t('allColumns')}
      </label>
      {zeros.length === rows.length ? null : table}
      {zeros.length === 0 ? null : (
        <p className="text-sm text-soft">
          {t('zeros', { count: zeros.length })}{' '}
          {zeros.map(({ key, name }, index) => (
            <span key={key}>
              {index === 0 ? '' : ', '}
              {name}
            </span>
          ))}
        </p>
      )}
    </div>
  )
}

export async function CarrierTimes({
  carriers,
  by = 'name',
  own,
}: {
  readonly carriers: readonly CarrierFacts[]
  /** The column that identifies a row: the carrier, for one month; or the month, for one carrier. */
  readonly by?: 'name' | 'month'
  /** The carrier whose own page it is. */
  readonly own?: string
}) {
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
        { head: t(by), cell: named },
        {
          head: t('orders'),
          align: 'end',
          cell: ({ orders }) =>
            orders === null ? (
              <span className="text-soft">{t('few')}</span>
            ) : (
              <span className="num">{people(locale, orders)}</span>
            ),
        },
        {
          head: t('share'),
          align: 'end',
          cell: ({ share }) => (share === null ? null : <b className="num">{percent(locale, share)}</b>),
        },
        {
          head: t('median'),
          align: 'end',
          cell: ({ orders, medianSeconds }) =>
            orders === null ? null : <span className="num">{time(medianSeconds)}</span>,
        },
        {
          head: t('p90'),
          align: 'end',
          cell: ({ orders, p90Seconds }) =>
            orders === null ? null : <span className="num">{time(p90Seconds)}</span>,
        },
      ]}
      rows={carriers}
      keyOf={({ carrierId, month }) => `${carrierId} ${month}`}
      marks={({ carrierId, orders }) => ({ 'data-carrier': carrierId, 'data-suppressed': orders === null })}
    />
  )
}

export async function NewestMonth({ month }: { readonly month: Facts & { readonly month: Month } }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures.newest')])
  return (
    <section className="stack" aria-labelledby="newest-month">
      <h2 id="newest-month">{t('title', { month: monthLabel(locale, month.month) })}</h2>
      <p>
        {t.rich('sentence', {
          b: (chunks) => <b className="num">{chunks}</b>,
          reported: people(locale, month.reported),
          blocked: people(locale, month.blocked),
          recovered: people(locale, month.recovered),
          share: month.share === null ? 'none' : percent(locale, month.share),
        })}
      </p>
      <p>
        <Link href="/figures">{t('all')}</Link>
      </p>
    </section>
  )
}

/** Formats a duration: whole minutes below an hour, then hours with a decimal; null means never. */
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
