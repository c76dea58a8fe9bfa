import type { Series } from './prometheus.ts'

/** The fields that the drawing uses of a panel in deploy/grafana/an-tam.json. */
export interface Panel {
  readonly type: 'row' | 'stat' | 'timeseries'
  readonly title: string
  readonly gridPos: { readonly h: number; readonly w: number; readonly x: number; readonly y: number }
  readonly targets?: readonly { readonly expr: string; readonly legendFormat?: string }[]
  readonly fieldConfig?: {
    readonly defaults: { readonly unit?: string }
    readonly overrides: readonly { readonly matcher: { readonly options: string } }[]
  }
  readonly options?: { readonly textMode?: string }
}

const COLUMN = 50
const ROW = 32
const COLOURS = ['#7eb26d', '#eab839', '#6ed0e0', '#ef843c', '#e24d42', '#1f78c1', '#ba43a9', '#705da0']

const escaped = (text: string): string => text.replace(/[<&]/g, (c) => (c === '<' ? '&lt;' : '&amp;'))

/** Formats a value in the unit of its panel, with Grafana's unit names. */
function said(value: number, unit = 'short'): string {
  const of = (number: number, steps: readonly string[], base: number) => {
    let [left, at] = [number, 0]
    for (; left >= base && at < steps.length - 1; at++) left /= base
    return `${Number(left.toPrecision(3))}${steps[at]}`
  }
  if (unit === 's') return value < 1 ? `${Math.round(value * 1000)} ms` : of(value, [' s', ' min', ' h'], 60)
  if (unit === 'bytes' || unit === 'decbytes') return of(value, [' B', ' KiB', ' MiB', ' GiB', ' TiB'], 1024)
  return of(value, ['', ' K', ' M'], 1000)
}

const nameOf = (legend: string, metric: Series['metric']): string =>
  legend.replace(/\{\{\s*(\w+)\s*\}\}/g, (_, label: string) => metric[label] ?? '')

function drawPanel(panel: Panel, answers: readonly (readonly Series[])[]): string {
  const { x, y, w, h } = panel.gridPos
  const unit = panel.fieldConfig?.defaults.unit
  const at = `left:${x * COLUMN}px;top:${y * ROW}px;width:${w * COLUMN - 8}px;height:${h * ROW - 8}px`
  const title = `<b>${escaped(panel.title)}</b>`
  if (panel.type === 'row') return `<div class="row" style="${at}">${title}</div>`
  const lines = answers.flatMap((series, nth) =>
    series.map(({ metric, values }) => ({
      name: nameOf(panel.targets?.[nth]?.legendFormat ?? '', metric),
      points: values.map(([t, v]) => [t, Number(v)] as const).filter(([, v]) => Number.isFinite(v)),
    })),
  )
  const shown = lines.filter(({ points }) => points.length > 0)
  if (shown.length === 0) return `<div style="${at}">${title}<p>No data</p></div>`
  if (panel.type === 'stat') {
    const values = shown.map(({ name, points }) => {
      const last = points.at(-1)?.[1] ?? 0
      return panel.options?.textMode === 'name' ? name : said(last, unit)
    })
    return `<div class="stat" style="${at}">${title}<p>${values.map(escaped).join(' · ')}</p></div>`
  }
  const all = shown.flatMap(({ points }) => points)
  const [from, to] = [Math.min(...all.map(([t]) => t)), Math.max(...all.map(([t]) => t))]
  // A series whose axis is at the right has its own scale.
  const apart = new Set(panel.fieldConfig?.overrides.map(({ matcher }) => matcher.options))
  const topOf = (some: typeof shown) =>
    Math.max(...some.flatMap(({ points }) => points.map(([, v]) => v))) || 1
  const top = topOf(shown.filter(({ name }) => !apart.has(name)))
  const drawn = shown.map((line, nth) => {
    const own = apart.has(line.name) ? topOf([line]) : top
    const path = line.points.map(
      ([t, v]) => `${((t - from) / (to - from || 1)) * 100},${50 - (v / own) * 48}`,
    )
    return `<polyline fill="none" stroke="${COLOURS[nth % COLOURS.length]}" vector-effect="non-scaling-stroke" points="${path.join(' ')}"/>`
  })
  const legend = shown
    .slice(0, 8)
    .map(({ name }, nth) => `<i style="color:${COLOURS[nth % COLOURS.length]}">━ ${escaped(name)}</i>`)
  return `<div style="${at}">${title}<small>${said(top, unit)}</small><svg viewBox="0 0 100 50" preserveAspectRatio="none">${drawn.join('')}</svg><p>${legend.join(' ')}</p></div>`
}

/** Draws the dashboard's panels in Grafana's layout. It shows the results of their queries, not Grafana's look. */
export function draw(panels: readonly Panel[], answers: ReadonlyMap<Panel, readonly (readonly Series[])[]>) {
  const height = Math.max(...panels.map(({ gridPos: { y, h } }) => y + h)) * ROW
  return `<!doctype html><meta charset="utf-8"><style>
    body { margin: 8px; background: #111217; color: #ccccdc; font: 12px sans-serif; position: relative; height: ${height}px; width: ${24 * COLUMN}px }
    div { position: absolute; background: #181b1f; border: 1px solid #2c3235; box-sizing: border-box; padding: 6px; overflow: hidden; display: flex; flex-direction: column }
    .row { background: none; border: 0 } .stat { background: #1f3a2b; align-items: center } .stat p { font-size: 24px; margin: auto }
    svg { flex: 1; min-height: 0; width: 100% } p { margin: 2px 0 } i { font-style: normal; margin-right: 6px } small { color: #8e8e9c }
  </style>${panels.map((panel) => drawPanel(panel, answers.get(panel) ?? [])).join('')}`
}
