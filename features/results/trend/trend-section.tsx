import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import { Table } from '#components/ui/table.tsx'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { formatDate } from '#messages/dates.ts'
import { type Figure, TOP_TWO } from '../figure-rules.ts'
import { monthLabel, people, writeFigure } from '../rules.ts'
import type { CityTrend, TrendPoint, TrendSeries } from './rules.ts'
import { type TrendBreak, TrendChart } from './trend-chart.tsx'

export async function TrendSection({
  label,
  own,
  before = [],
  breaks = [],
  note = '',
  linked = false,
  figure = TOP_TWO,
}: {
  readonly label: string
  readonly own: readonly TrendSeries[]
  readonly before?: readonly TrendSeries[]
  readonly breaks?: readonly TrendBreak[]
  readonly note?: string
  readonly linked?: boolean
  readonly figure?: Figure
}) {
  const t = await getTranslations('results.trend')
  const months = [...own, ...before].flatMap(({ points }) => points)
  return (
    <PhoneFold id="trend" title={t('title')}>
      <p>{months.length < 2 ? t('notYet') : t('lead')}</p>
      {months.length < 2 ? null : <TrendChart {...{ label, own, before, breaks, figure }} />}
      {note === '' ? null : <p className="max-w-measure text-soft">{note}</p>}
      {months.length === 0 ? null : <TrendTable {...{ own, before, linked, figure }} />}
    </PhoneFold>
  )
}

interface TrendTableProps {
  readonly own: readonly TrendSeries[]
  /** The trend of agencies whose tasks were taken over; each of its months is labelled so. */
  readonly before: readonly TrendSeries[]
  readonly linked?: boolean
  readonly figure: Figure
}

async function TrendTable({ own, before, linked = false, figure }: TrendTableProps) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const write = (value: number) => writeFigure(figure.written, locale, value)
  const pointsOf = (series: readonly TrendSeries[]) => series.flatMap((one) => one.points).toReversed()
  const bounds = (one: { low: number; high: number } | null) =>
    one && (
      <span className="num text-soft">
        {write(one.low)}–{write(one.high)}
      </span>
    )
  const note = (whose: 'own' | 'before', { outside }: TrendPoint) =>
    [whose === 'before' && t('trend.beforeShort'), outside && t('trend.outsideShort')]
      .filter(Boolean)
      .join(', ') || null
  const rowsOf = (whose: 'own' | 'before', series: readonly TrendSeries[]) =>
    pointsOf(series).map((point) => ({ whose, point }))
  return (
    <Details summary={t('trend.table')}>
      <Table
        caption={t('trend.table')}
        captionHidden
        columns={[
          {
            head: t('trend.month'),
            cell: ({ point: { month } }) =>
              linked ? (
                <Link href={{ pathname: '/results/months/[month]', params: { month } }}>
                  {monthLabel(locale, month)}
                </Link>
              ) : (
                monthLabel(locale, month)
              ),
          },
          {
            head: t('share'),
            align: 'end',
            cell: ({ point: { share } }) => share && <b className="num">{write(share.value)}</b>,
          },
          { head: t('interval'), align: 'end', cell: ({ point }) => bounds(point.share) },
          { head: t('trend.limitsShort'), align: 'end', cell: ({ point }) => bounds(point.limits) },
          {
            head: t('responses'),
            align: 'end',
            cell: ({ point }) => <span className="num">{people(locale, point.responses)}</span>,
          },
          { head: t('trend.note'), cell: ({ whose, point }) => note(whose, point) },
        ]}
        rows={[...rowsOf('own', own), ...rowsOf('before', before)]}
        keyOf={({ whose, point }) => `${whose} ${point.month}`}
        marks={({ point: { month, responses, share } }) => ({
          'data-month': month,
          'data-responses': responses,
          ...(share && { [`data-${figure.name}`]: toTenThousandths(share.value) }),
        })}
      />
    </Details>
  )
}

export async function CityTrendSection({
  label,
  trend,
  linked = false,
  figure = TOP_TWO,
}: {
  readonly label: string
  readonly trend: CityTrend
  readonly linked?: boolean
  readonly figure?: Figure
}) {
  const [t, format, locale] = await Promise.all([
    getTranslations('results.trend'),
    getFormatter(),
    getLocale(),
  ])
  const dates = trend.breaks.map((on) => formatDate(locale, on))
  const rule = trend.rule === null ? null : formatDate(locale, trend.rule)
  return (
    <TrendSection
      label={label}
      own={trend.own}
      breaks={[
        ...trend.breaks.map((on) => ({ on, label: t('break', { date: formatDate(locale, on) }) })),
        ...(trend.rule === null ? [] : [{ on: trend.rule, label: t('rule', { date: rule ?? '' }) }]),
      ]}
      note={[
        ...(dates.length === 0 ? [] : [t('breakCity', { dates: format.list(dates) })]),
        ...(rule === null ? [] : [t('ruleNote', { date: rule })]),
      ].join(' ')}
      {...{ linked, figure }}
    />
  )
}
