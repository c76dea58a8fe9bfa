import { getLocale, getTranslations } from 'next-intl/server'
import { people, percent } from '#components/survey/percent.ts'
import { Table } from '#components/ui/table.tsx'
import type { CarrierFacts } from '#domain/facts/facts.ts'

const COLUMNS = ['orders', 'share', 'median', 'p90'] as const

/** How fast each carrier carried out the orders of a month. */
export async function CarrierTimes({ carriers }: { readonly carriers: readonly CarrierFacts[] }) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures.carriers')])
  const hours = new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })
  const time = (seconds: number | null) =>
    seconds === null
      ? t('never')
      : seconds < 3600
        ? t('minutes', { count: Math.ceil(seconds / 60) })
        : t('hours', { count: hours.format(seconds / 3600) })
  return (
    <Table
      caption={t('title')}
      captionHidden
      columns={[
        { key: 'name', label: t('name') },
        ...COLUMNS.map((key) => ({ key, label: t(key), align: 'end' as const })),
      ]}
      rows={carriers.map(({ carrierId, name, orders, share, medianSeconds, p90Seconds }) => ({
        key: carrierId,
        marks: { 'data-carrier': carrierId, 'data-suppressed': orders === null },
        cells: {
          name,
          orders:
            orders === null || share === null ? (
              <span className="text-soft">{t('few')}</span>
            ) : (
              <span className="num">{people(locale, orders)}</span>
            ),
          ...(share && {
            share: (
              <span className="num">
                <b>{percent(locale, share.value)}</b>{' '}
                <span className="whitespace-nowrap text-soft">
                  ({percent(locale, share.low)}–{percent(locale, share.high)})
                </span>
              </span>
            ),
            median: <span className="num">{time(medianSeconds)}</span>,
            p90: <span className="num">{time(p90Seconds)}</span>,
          }),
        },
      }))}
    />
  )
}
