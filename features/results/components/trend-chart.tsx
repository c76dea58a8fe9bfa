import { getLocale, getTranslations } from 'next-intl/server'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { type Month, monthsLater } from '../rules/month.ts'
import type { TrendSeries } from '../rules/trend.ts'
import { percent } from './percent.ts'
import { TrendAxes, TrendLimits, TrendMark, TrendPoints } from './trend-drawing.tsx'
import { monthsBetween, trendScale } from './trend-scale.ts'

export interface TrendBreak {
  /** A local date. */
  readonly on: string
  readonly label: string
}

const monthOfBreak = ({ on }: TrendBreak): Month => on.slice(0, 7) as Month

export interface TrendChartProps {
  /** The subject of the drawing, for people who do not see it; its table has the figures. */
  readonly label: string
  readonly own: readonly TrendSeries[]
  /** The trend of agencies whose tasks were taken over, drawn grey. */
  readonly before?: readonly TrendSeries[]
  readonly breaks?: readonly TrendBreak[]
}

/** The most months that can be read on a phone. */
const NARROW_MONTHS = 12

/**
 * Renders a share month by month, with whiskers, control limits and the breaks of reorganisations. Drawn twice, for phones and
 * for wider screens, so that its words are never scaled too small to read; one of the two is shown.
 */
export async function TrendChart({ label, own, before = [], breaks = [] }: TrendChartProps) {
  const points = [...before, ...own].flatMap((series) => series.points)
  const months = points.map(({ month }) => month).toSorted()
  const [first, last] = [months[0], months.at(-1)]
  if (first === undefined || last === undefined) return null
  // A month has one line, even where several breaks fall in it.
  const drawn = [...new Map(breaks.map((one) => [monthOfBreak(one), one])).values()]
  const shared = { label, own, before, breaks: drawn }
  const all = monthsBetween(first, last)
  // A lone month would be as wide as the page.
  const wide = all.length < 6 ? monthsBetween(monthsLater(last, -5), last) : all
  return (
    <figure className="stack rounded-card border border-line bg-card p-3 sm:p-5">
      <div className="sm:hidden">
        <Drawing {...shared} months={wide.slice(-NARROW_MONTHS)} width={330} height={250} />
      </div>
      <div className="hidden sm:block">
        <Drawing {...shared} months={wide} width={960} height={320} />
      </div>
      <TrendLegend own={own} before={before} />
    </figure>
  )
}

interface DrawingProps extends Required<TrendChartProps> {
  readonly months: readonly Month[]
  readonly width: number
  readonly height: number
}

async function Drawing({ label, own, before, breaks, months, width, height }: DrawingProps) {
  const locale = await getLocale()
  const scale = trendScale([...before, ...own], months, width, height)
  if (scale === null) return null
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="block h-auto w-full" role="img" aria-label={label}>
      {own.map((series) => (
        <TrendLimits key={series.points[0]?.month} scale={scale} series={series} />
      ))}
      <TrendAxes scale={scale} percent={(share) => percent(locale, share)} />
      {breaks
        .filter((one) => months.includes(monthOfBreak(one)))
        .map(({ on, label: words }) => (
          <g key={on}>
            <line
              x1={scale.day(on)}
              x2={scale.day(on)}
              y1={scale.plot.top - 12}
              y2={scale.plot.bottom}
              className="stroke-saffron"
              strokeWidth="2"
              strokeDasharray="2 3"
            />
            <text
              x={scale.day(on) + (scale.day(on) > width * 0.7 ? -5 : 5)}
              y={scale.plot.top - 10}
              textAnchor={scale.day(on) > width * 0.7 ? 'end' : 'start'}
              className="fill-saffron-deep text-[11px] font-semibold"
            >
              {words}
            </text>
          </g>
        ))}
      {before.map((series) => (
        <TrendPoints key={series.points[0]?.month} scale={scale} series={series} look="before" />
      ))}
      {own.map((series) => (
        <TrendPoints key={series.points[0]?.month} scale={scale} series={series} look="own" />
      ))}
    </svg>
  )
}

/** Shows the meaning of each mark that is drawn. */
async function TrendLegend({ own, before }: Pick<Required<TrendChartProps>, 'own' | 'before'>) {
  const t = await getTranslations('results.trend')
  const points = [...own, ...before].flatMap((series) => series.points)
  const mark = { x: 12, y: 8 }
  const items = [
    {
      key: 'share',
      drawn: true,
      drawing: <path d="M12 1v14m-3 0h6m-6-14h6" className="stroke-ink opacity-60" strokeWidth="1.25" />,
      dot: <TrendMark {...mark} responses={100} outside={false} look="own" />,
    },
    {
      key: 'few',
      drawn: points.some(({ responses }) => responses < MIN_COMPARED),
      drawing: <TrendMark {...mark} responses={10} outside={false} look="own" />,
    },
    {
      key: 'limits',
      drawn: own.some(({ centre }) => centre !== null),
      drawing: (
        <>
          <rect x="0" y="1" width="24" height="14" className="fill-teal-wash" />
          <path d="M0 8h24" className="stroke-teal" strokeWidth="1.25" strokeDasharray="5 4" />
        </>
      ),
    },
    {
      key: 'outside',
      drawn: points.some(({ outside }) => outside),
      drawing: <TrendMark {...mark} responses={100} outside look="own" />,
    },
    {
      key: 'before',
      drawn: before.length > 0,
      drawing: <TrendMark {...mark} responses={100} outside={false} look="before" />,
    },
  ] as const
  return (
    <figcaption>
      <ul className="flex flex-wrap gap-x-6 gap-y-1.5 text-xs text-soft">
        {items
          .filter(({ drawn }) => drawn)
          .map((item) => (
            <li key={item.key} className="flex items-center gap-2">
              <svg viewBox="0 0 24 16" className="h-4 w-6 flex-none" aria-hidden="true">
                {item.drawing}
                {'dot' in item ? item.dot : null}
              </svg>
              {t(item.key)}
            </li>
          ))}
      </ul>
    </figcaption>
  )
}
