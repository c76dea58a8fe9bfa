import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Table } from '#components/ui/table.tsx'
import { people, percent } from '#features/results/components/percent.ts'
import type { Facts } from '../rules/facts.ts'

export const KIND_COLUMNS = ['robbed', 'snatched', 'stolen', 'lost', 'reported'] as const
export const ALL_COLUMNS = [...KIND_COLUMNS, 'share', 'verified', 'blocked', 'recovered', 'wrong'] as const

export interface FactsTableProps {
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
  return (
    <Table
      caption={caption}
      captionHidden
      phone="scroll"
      columns={[
        { head: of, cell: ({ name }) => name },
        ...columns.map((column) => ({
          head: t(`column.${column}`),
          align: 'end' as const,
          cell: (row: Facts) =>
            column !== 'share' ? (
              count(row[column])
            ) : row.share === null ? null : (
              <b className="num">{percent(locale, row.share)}</b>
            ),
        })),
      ]}
      rows={rows}
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
}
