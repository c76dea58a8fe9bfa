import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import type { TrendPoint, TrendSeries } from '../rules/trend.ts'
import { monthLabel } from './month-label.ts'
import { people, percent } from './percent.ts'

export interface TrendTableProps {
  readonly own: readonly TrendSeries[]
  /** The trend of agencies whose tasks were taken over; each of their months says so. */
  readonly before: readonly TrendSeries[]
  /** True when each month is a link to the page of that month. */
  readonly linked?: boolean
}

/** Renders the figures of a trend, the newest month first, folded under its chart. */
export async function TrendTable({ own, before, linked = false }: TrendTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const pointsOf = (series: readonly TrendSeries[]) => series.flatMap((one) => one.points).toReversed()
  const bounds = (one: { low: number; high: number } | null) =>
    one && (
      <span className="num text-soft">
        {percent(locale, one.low)}–{percent(locale, one.high)}
      </span>
    )
  const row =
    (whose: 'own' | 'before') =>
    ({ month, responses, share, limits, outside }: TrendPoint) => ({
      key: `${whose} ${month}`,
      marks: {
        'data-month': month,
        'data-responses': responses,
        ...(share && { 'data-satisfied': toTenThousandths(share.satisfied) }),
      },
      cells: {
        month: linked ? (
          <Link href={{ pathname: '/results/months/[month]', params: { month } }}>
            {monthLabel(locale, month)}
          </Link>
        ) : (
          monthLabel(locale, month)
        ),
        share: share && <b className="num">{percent(locale, share.satisfied)}</b>,
        interval: bounds(share),
        limits: bounds(limits),
        responses: <span className="num">{people(locale, responses)}</span>,
        note:
          [whose === 'before' && t('trend.beforeShort'), outside && t('trend.outsideShort')]
            .filter(Boolean)
            .join(', ') || null,
      },
    })
  return (
    <Details summary={t('trend.table')}>
      <Table
        caption={t('trend.table')}
        captionHidden
        columns={[
          { key: 'month', label: t('trend.month') },
          { key: 'share', label: t('share'), align: 'end' },
          { key: 'interval', label: t('interval'), align: 'end' },
          { key: 'limits', label: t('trend.limitsShort'), align: 'end' },
          { key: 'responses', label: t('responses'), align: 'end' },
          { key: 'note', label: t('trend.note') },
        ]}
        rows={[...pointsOf(own).map(row('own')), ...pointsOf(before).map(row('before'))]}
      />
    </Details>
  )
}
