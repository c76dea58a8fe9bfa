import { getLocale, getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { monthLabel } from '#features/results/components/month-label.ts'
import { people, percent } from '#features/results/components/percent.ts'
import type { CarrierFacts } from '../rules/facts.ts'
import { durationWords } from './duration.ts'

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
