import { Circle, G, Line, Path, Rect, Svg, Text } from '@react-pdf/renderer'
import { createElement as h, type ReactElement } from 'react'
import { PAPER_FONT } from '#components/paper/fonts.ts'
import { GREY, nfc, RULE } from '#components/paper/parts.ts'
import { as } from '#components/paper/tagged.ts'
import { fractionPassed } from '#features/results/rules.ts'
import { MIN_COMPARED } from '#lib/statistics/groups.ts'
import type { BreakEvent } from '../period-rules.ts'
import type { ReportMonth } from '../report-rules.ts'
import type { Words } from './sections.ts'

const line = (x1: number, y1: number, x2: number, y2: number, more: object = {}): ReactElement =>
  h(Line, { x1, y1, x2, y2, stroke: '#000', strokeWidth: 0.8, ...more })

const WHISKER = { width: 136, height: 11 } as const

interface Interval {
  readonly satisfied: number | null
  readonly low: number | null
  readonly high: number | null
}

/** Returns the share at which the scale of all whiskers begins: the step of ten per cent below the lowest. */
export const floorOf = (all: readonly Interval[]): number =>
  Math.min(0.9, ...all.map(({ low }) => Math.floor((low ?? 1) * 10) / 10))

/** Draws a share and its interval on a scale from `floor` to 100 %, with the group's share as a dashed line. */
export function drawInterval(
  { satisfied, low, high }: Interval,
  {
    floor,
    group,
    grey = false,
  }: { readonly floor: number; readonly group: number | null; readonly grey?: boolean },
): ReactElement {
  const { width, height } = WHISKER
  const middle = height / 2
  const at = (share: number) => 3 + ((share - floor) / (1 - floor)) * (width - 6)
  const ink = { stroke: grey ? GREY : '#000' }
  const light = { stroke: RULE, strokeWidth: 0.5 }
  const inRange = group !== null && group >= floor
  return h(
    Svg,
    { width, height, viewBox: `0 0 ${width} ${height}` },
    line(at(floor), middle, at(1), middle, light),
    ...[floor, (1 + floor) / 2, 1].map((tick) => line(at(tick), middle - 2, at(tick), middle + 2, light)),
    ...(inRange ? [line(at(group), 0, at(group), height, { stroke: GREY, strokeDasharray: '2 1.5' })] : []),
    ...(satisfied === null || low === null || high === null
      ? []
      : [
          line(at(low), middle, at(high), middle, { ...ink, strokeWidth: 1.2 }),
          line(at(low), middle - 3, at(low), middle + 3, ink),
          line(at(high), middle - 3, at(high), middle + 3, ink),
          h(Circle, { cx: at(satisfied), cy: middle, r: 1.9, fill: grey ? '#fff' : '#000', ...ink }),
        ]),
  )
}

const BAR = { width: 150, height: 8 } as const

export const bar = (share: number): ReactElement =>
  h(
    Svg,
    { width: BAR.width, height: BAR.height, viewBox: `0 0 ${BAR.width} ${BAR.height}` },
    h(Rect, { x: 0, y: 0.5, width: BAR.width, height: BAR.height - 1, fill: '#eee' }),
    ...(share === 0
      ? []
      : [
          h(Rect, {
            x: 0,
            y: 0.5,
            width: Math.max(0.5, share * BAR.width),
            height: BAR.height - 1,
            fill: '#333',
          }),
        ]),
  )

const CHART = { width: 485, height: 190, left: 34, right: 8, top: 8, bottom: 22 } as const

export function trendChart(
  months: readonly ReportMonth[],
  events: readonly BreakEvent[],
  { t, percent, month: label }: Words,
): ReactElement {
  const { width, height, left, right, top, bottom } = CHART
  const told = months.flatMap(({ low, lowerLimit }) => [low ?? 1, lowerLimit ?? 1])
  const floor = Math.max(0, Math.floor(Math.min(0.9, ...told) * 10) / 10)
  const step = (width - left - right) / months.length
  const x = (at: number) => left + step * (at + 0.5)
  const y = (share: number) => top + ((1 - share) / (1 - floor)) * (height - top - bottom)
  const ticks = Array.from({ length: Math.round((1 - floor) * 10) + 1 }, (_, n) => floor + n / 10)
  const shown = ticks.filter((_, n) => ticks.length <= 6 || n % 2 === (ticks.length - 1) % 2)
  const every = Math.ceil(months.length / 12)
  return h(
    Svg,
    { ...as('Figure', nfc(t('trend.alt'))), width, height, viewBox: `0 0 ${width} ${height}` },
    ...shown.flatMap((share) => [
      line(left, y(share), width - right, y(share), { stroke: '#ddd', strokeWidth: 0.5 }),
      words(percent(share).replace(/[.,]0/, ''), left - 5, y(share) + 2.5, 'end'),
    ]),
    ...chance(months, step, x, y),
    ...events.flatMap(({ on }, n) => {
      const at = months.findIndex(({ month }) => month >= on.slice(0, 7))
      const month = months[at]?.month
      if (month === undefined) return []
      // Months without published answers are not drawn; a break in such a month is drawn before the next month shown.
      const from = x(at) - step / 2 + (month === on.slice(0, 7) ? step * fractionPassed(on) : 0)
      return [
        line(from, top, from, height - bottom, { strokeDasharray: '1 2' }),
        words(String(n + 1), from + 3, top + 6 + 8 * (sameMonth(events, n) % 4), 'start'),
      ]
    }),
    ...months.flatMap((month, at) => [
      ...(at % every === 0 ? [words(label(month.month), x(at), height - 8, 'middle')] : []),
      ...point(month, x(at), y),
    ]),
  )
}

/** Counts the earlier events in the same month, whose numbers are stacked. */
const sameMonth = (events: readonly BreakEvent[], n: number): number =>
  events.slice(0, n).filter(({ on }) => on.slice(0, 7) === events[n]?.on.slice(0, 7)).length

const words = (text: string, x: number, y: number, textAnchor: 'start' | 'end' | 'middle'): ReactElement =>
  h(Text, { x, y, textAnchor, fill: '#000', style: { fontFamily: PAPER_FONT, fontSize: 7 } }, text)

function chance(
  months: readonly ReportMonth[],
  step: number,
  x: (at: number) => number,
  y: (share: number) => number,
): ReactElement[] {
  return months.flatMap(({ lowerLimit, upperLimit, centre }, at) => {
    if (lowerLimit === null || upperLimit === null || centre === null) return []
    const [from, to] = [x(at) - step / 2, x(at) + step / 2]
    const block = `M${from} ${y(upperLimit)}H${to}V${y(lowerLimit)}H${from}Z`
    return [
      h(Path, { d: block, fill: '#e6e6e6' }),
      line(from, y(centre), to, y(centre), { stroke: GREY, strokeDasharray: '3 2' }),
    ]
  })
}

function point(month: ReportMonth, x: number, y: (share: number) => number): ReactElement[] {
  const { satisfied, low, high, responses, outside } = month
  if (satisfied === null || low === null || high === null) return []
  const few = responses < MIN_COMPARED
  const ink = { stroke: few ? GREY : '#000' }
  const dot = outside
    ? h(Rect, { x: x - 3.4, y: y(satisfied) - 3.4, width: 6.8, height: 6.8, fill: '#000' })
    : h(Circle, { cx: x, cy: y(satisfied), r: 2.7, fill: few ? '#fff' : '#000', ...ink })
  return [
    h(
      G,
      {},
      line(x, y(low), x, y(high), { ...ink, strokeWidth: 1 }),
      line(x - 3, y(low), x + 3, y(low), ink),
      line(x - 3, y(high), x + 3, y(high), ink),
      dot,
    ),
  ]
}
