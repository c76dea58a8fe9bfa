import { getLocale, getTranslations } from 'next-intl/server'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import { type Figure, TOP_TWO } from '../figure-rules.ts'
import { type Month, monthsLater, writeFigure } from '../rules.ts'
import { monthsBetween, type TrendPoint, type TrendScale, type TrendSeries, trendScale } from './rules.ts'

export interface TrendBreak {
  /** A local date. */
  readonly on: string
  readonly label: string
}

const monthOfBreak = ({ on }: TrendBreak): Month => on.slice(0, 7) as Month

interface TrendChartProps {
  /** The text alternative of the drawing: its subject only, since the table has the figures. */
  readonly label: string
  readonly own: readonly TrendSeries[]
  /** The trend of agencies whose tasks were taken over, drawn grey. */
  readonly before?: readonly TrendSeries[]
  readonly breaks?: readonly TrendBreak[]
  readonly figure?: Pick<Figure, 'range' | 'written'>
}

/** The most months that are readable on a phone. */
const NARROW_MONTHS = 12

/** Renders a share by month, drawn once for phones and once for wider screens, so that no text is too small. */
export async function TrendChart({
  label,
  own,
  before = [],
  breaks = [],
  figure = TOP_TWO,
}: TrendChartProps) {
  const points = [...before, ...own].flatMap((series) => series.points)
  const months = points.map(({ month }) => month).toSorted()
  const [first, last] = [months[0], months.at(-1)]
  if (first === undefined || last === undefined) return null
  // A month gets one line, even with several breaks in it.
  const drawn = [...new Map(breaks.map((one) => [monthOfBreak(one), one])).values()]
  const shared = { label, own, before, breaks: drawn, figure }
  const all = monthsBetween(first, last)
  // Otherwise a single month would be as wide as the page.
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

async function Drawing({ label, own, before, breaks, figure, months, width, height }: DrawingProps) {
  const locale = await getLocale()
  const scale = trendScale([...before, ...own], months, width, height, figure)
  if (scale === null) return null
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="block h-auto w-full" role="img" aria-label={label}>
      {own.map((series) => (
        <TrendLimits key={series.points[0]?.month} scale={scale} series={series} />
      ))}
      <TrendAxes scale={scale} write={(value) => writeFigure(figure.written, locale, value)} />
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

/** Checks whether a year begins so soon after the first month that the labels of both years would overlap. */
const startsSoon = (months: readonly string[]) => months.slice(1, 3).some((month) => month.endsWith('-01'))

function TrendAxes({ scale, write }: { scale: TrendScale; write: (value: number) => string }) {
  const { plot, months, ticks } = scale
  return (
    <g className="fill-soft text-[11px]">
      {ticks.map((tick) => (
        <g key={tick}>
          <line
            x1={plot.left}
            x2={plot.right}
            y1={scale.y(tick)}
            y2={scale.y(tick)}
            className="stroke-line"
            strokeWidth="1"
          />
          <text x={plot.left - 6} y={scale.y(tick) + 4} textAnchor="end">
            {write(tick)}
          </text>
        </g>
      ))}
      {months.map((month, at) => (
        <g key={month}>
          <text x={scale.x(month)} y={plot.bottom + 16} textAnchor="middle">
            {Number(month.slice(5))}
          </text>
          {month.endsWith('-01') || (at === 0 && !startsSoon(months)) ? (
            <text x={scale.x(month) - scale.half} y={plot.bottom + 33} className="font-semibold">
              {month.slice(0, 4)}
            </text>
          ) : null}
        </g>
      ))}
    </g>
  )
}

/** Draws the range of chance around the centre; each month's width depends on its number of answers. */
function TrendLimits({ scale, series }: { scale: TrendScale; series: TrendSeries }) {
  const { centre } = series
  const shown = series.points.flatMap(({ month, limits }) =>
    limits !== null && scale.months.includes(month) ? { month, limits } : [],
  )
  const [first, last] = [shown[0], shown.at(-1)]
  if (centre === null || first === undefined || last === undefined) return null
  const left = scale.x(first.month) - scale.half
  const right = scale.x(last.month) + scale.half
  // The limits are drawn as steps: each month has its own height until the next month begins.
  const steps = (bound: 'low' | 'high') =>
    shown.map(({ limits }, at) => {
      const next = shown[at + 1]
      return { y: scale.y(limits[bound]), until: next ? scale.x(next.month) - scale.half : right }
    })
  const along = (bound: 'low' | 'high') =>
    steps(bound)
      .map(({ y, until }) => `V${y}H${until}`)
      .join('')
  const back = steps('low')
    .toReversed()
    .map(({ y }, at, all) => `V${y}H${all[at + 1]?.until ?? left}`)
    .join('')
  return (
    <g fill="none">
      <path d={`M${left} ${scale.y(first.limits.high)}${along('high')}${back}Z`} className="fill-teal-wash" />
      {(['low', 'high'] as const).map((bound) => (
        <path
          key={bound}
          d={`M${left} ${scale.y(first.limits[bound])}${along(bound)}`}
          className="stroke-teal opacity-45"
          strokeWidth="1"
        />
      ))}
      <path
        d={`M${left} ${scale.y(centre)}H${right}`}
        className="stroke-teal"
        strokeWidth="1.25"
        strokeDasharray="5 4"
      />
    </g>
  )
}

interface ShownPoint extends TrendPoint {
  readonly share: NonNullable<TrendPoint['share']>
}

function TrendPoints({
  scale,
  series,
  look,
}: {
  scale: TrendScale
  series: TrendSeries
  look: 'own' | 'before'
}) {
  const shown = series.points.filter(
    (point): point is ShownPoint => point.share !== null && scale.months.includes(point.month),
  )
  const line = look === 'own' ? 'stroke-teal' : 'stroke-edge'
  const at = (point: ShownPoint) => `${scale.x(point.month)} ${scale.y(point.share.value)}`
  const path = shown.map((point, n) => {
    const before = shown[n - 1]
    const follows = before && scale.months.indexOf(before.month) === scale.months.indexOf(point.month) - 1
    return `${follows ? 'L' : 'M'}${at(point)}`
  })
  return (
    <g>
      {shown.map(({ month, share }) => (
        <path
          key={month}
          d={`M${scale.x(month)} ${scale.y(share.high)}V${scale.y(share.low)}m-3 0h6m-3 0V${scale.y(share.high)}m-3 0h6`}
          className={look === 'own' ? 'stroke-ink opacity-60' : 'stroke-edge'}
          fill="none"
          strokeWidth="1.25"
        />
      ))}
      <path d={path.join('')} className={line} fill="none" strokeWidth="2.25" strokeLinejoin="round" />
      {shown.map((point) => (
        <TrendMark
          key={point.month}
          x={scale.x(point.month)}
          y={scale.y(point.share.value)}
          {...point}
          look={look}
        />
      ))}
    </g>
  )
}

/** Renders a dot: hollow for few answers, a diamond where a month is beyond its limits. */
function TrendMark({
  x,
  y,
  responses,
  outside,
  look,
}: {
  x: number
  y: number
  responses: number
  outside: boolean
  look: 'own' | 'before'
}) {
  if (outside) {
    return (
      <path
        d={`M${x} ${y - 7}L${x + 7} ${y}L${x} ${y + 7}L${x - 7} ${y}Z`}
        className="fill-saffron stroke-card"
        strokeWidth="1.5"
      />
    )
  }
  const own = look === 'own' ? 'fill-teal stroke-card' : 'fill-edge stroke-card'
  return (
    <circle
      cx={x}
      cy={y}
      r={responses < MIN_COMPARED ? 4 : 4.5}
      className={responses < MIN_COMPARED ? 'fill-card stroke-edge' : own}
      strokeWidth={responses < MIN_COMPARED ? 2 : 1.5}
    />
  )
}
