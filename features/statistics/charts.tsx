import { getTranslations } from 'next-intl/server'
import type { Facts } from './rules.ts'

interface CountBar {
  readonly key: string
  /** The label below the bar; bars between labelled ones have none. */
  readonly label: string | null
  /** The parts of a bar, from the bottom up. */
  readonly parts: readonly [number, number]
}

const PLOT = { left: 44, right: 24, top: 12, bottom: 26 }

/** Returns a round number at or above the highest bar that gives four whole-number steps. */
function topOf(bars: readonly CountBar[]): number {
  const most = Math.max(20, ...bars.map(({ parts: [a, b] }) => a + b))
  const unit = 10 ** Math.floor(Math.log10(most / 4))
  const step = [1, 2, 2.5, 5, 10].map((times) => times * unit).find((one) => one * 4 >= most) ?? most
  return Math.ceil(step) * 4
}

/**
 * Renders counts as bars of two parts. It uses attributes and classes only, because the security policy allows no
 * inline styles.
 */
export function CountChart({
  label,
  bars,
  width,
  height,
}: {
  /** The text alternative of the drawing: its subject only, since the table has the figures. */
  readonly label: string
  readonly bars: readonly CountBar[]
  readonly width: number
  readonly height: number
}) {
  const top = topOf(bars)
  const foot = height - PLOT.bottom
  const y = (count: number) => Math.round((foot - (count / top) * (foot - PLOT.top)) * 10) / 10
  const slot = (width - PLOT.left - PLOT.right) / Math.max(bars.length, 6)
  const thick = Math.round(Math.min(slot * 0.7, 48) * 10) / 10
  const middle = (at: number) => Math.round((PLOT.left + (at + 0.5) * slot) * 10) / 10
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="block h-auto w-full" role="img" aria-label={label}>
      {[0, 1, 2, 3, 4].map((step) => (
        <g key={step}>
          <path d={`M${PLOT.left} ${y((top / 4) * step)}H${width - PLOT.right}`} className="stroke-line" />
          <text
            x={PLOT.left - 8}
            y={y((top / 4) * step) + 4}
            textAnchor="end"
            className="fill-soft"
            fontSize="12"
          >
            {(top / 4) * step}
          </text>
        </g>
      ))}
      {bars.map(({ key, label: name, parts: [low, high] }, at) => (
        <g key={key}>
          <rect
            x={middle(at) - thick / 2}
            y={y(low)}
            width={thick}
            height={foot - y(low)}
            className="fill-teal"
          />
          <rect
            x={middle(at) - thick / 2}
            y={y(low + high)}
            width={thick}
            height={y(low) - y(low + high)}
            className="fill-edge"
          />
          {name === null ? null : (
            <text x={middle(at)} y={height - 8} textAnchor="middle" className="fill-soft" fontSize="12">
              {name}
            </text>
          )}
        </g>
      ))}
    </svg>
  )
}

interface KindsChartProps {
  readonly label: string
  readonly rows: readonly (Facts & { readonly key: string; readonly name: string })[]
  /** How many of the last rows fit on a phone. */
  readonly onPhone: number
}

/**
 * Draws robberies and snatchings below, thefts and losses above. It is drawn twice, so that its text is never too small
 * to read.
 */
export async function KindsChart({ label, rows, onPhone }: KindsChartProps) {
  const t = await getTranslations('figures')
  const barsOf = (shown: KindsChartProps['rows'], every: number) =>
    shown.map(({ key, name, robbed, snatched, stolen, lost }, at) => ({
      key,
      label: (shown.length - 1 - at) % every === 0 ? name : null,
      parts: [robbed + snatched, stolen + lost] as const,
    }))
  return (
    <figure className="stack rounded-card border border-line bg-card p-3 sm:p-5">
      <div className="sm:hidden">
        <CountChart label={label} bars={barsOf(rows.slice(-onPhone), 3)} width={330} height={230} />
      </div>
      <div className="hidden sm:block">
        <CountChart label={label} bars={barsOf(rows, rows.length > 12 ? 3 : 1)} width={960} height={300} />
      </div>
      <figcaption className="flex flex-wrap gap-x-6 gap-y-1 text-sm text-soft">
        {(['violent', 'quiet'] as const).map((part) => (
          <span key={part} className="flex items-center gap-2">
            <svg viewBox="0 0 12 12" className="size-3" aria-hidden="true">
              <rect width="12" height="12" className={part === 'violent' ? 'fill-teal' : 'fill-edge'} />
            </svg>
            {t(`chart.${part}`)}
          </span>
        ))}
      </figcaption>
    </figure>
  )
}
