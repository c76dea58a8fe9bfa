import { getLocale, getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { monthLabel } from '#features/results/components/month-label.ts'
import { people, percent } from '#features/results/components/percent.ts'
import type { CarrierFacts } from '../rules/facts.ts'
import { durationWords } from './duration.ts'

const COLUMNS = ['orders', 'share', 'median', 'p90'] as const

export interface CarrierTimesProps {
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
