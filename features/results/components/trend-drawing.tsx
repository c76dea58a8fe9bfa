import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import type { TrendPoint, TrendSeries } from '../rules/trend.ts'
import type { TrendScale } from './trend-scale.ts'

/** Tells whether a year begins so soon after the first month that both years' numbers would run into each other. */
const startsSoon = (months: readonly string[]): boolean =>
  months.slice(1, 3).some((month) => month.endsWith('-01'))

/** Draws gridlines with their shares, and the months below; a year stands under its first month shown. */
export function TrendAxes({ scale, percent }: { scale: TrendScale; percent: (share: number) => string }) {
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
            {percent(tick)}
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

/** Shows what chance alone does to months like these: a band, as wide as each month's answers make it, around the centre. */
export function TrendLimits({ scale, series }: { scale: TrendScale; series: TrendSeries }) {
  const { centre } = series
  const shown = series.points.filter(
    (point): point is LimitedPoint => point.limits !== null && scale.months.includes(point.month),
  )
  const [first, last] = [shown[0], shown.at(-1)]
  if (centre === null || first === undefined || last === undefined) return null
  const left = scale.x(first.month) - scale.half
  const right = scale.x(last.month) + scale.half
  // The limits are drawn as steps: each month has a height of its own, up to where the next month begins.
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

interface LimitedPoint extends TrendPoint {
  readonly limits: NonNullable<TrendPoint['limits']>
}

interface ShownPoint extends TrendPoint {
  readonly share: NonNullable<TrendPoint['share']>
}

/** Draws shares with their whiskers, joined where one month follows the other. */
export function TrendPoints({
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
  const at = (point: ShownPoint) => `${scale.x(point.month)} ${scale.y(point.share.satisfied)}`
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
          y={scale.y(point.share.satisfied)}
          {...point}
          look={look}
        />
      ))}
    </g>
  )
}

/** Renders a dot; hollow for few answers, a diamond where a month is beyond its limits. */
export function TrendMark({
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
