export interface DayBar {
  readonly key: string
  /** From the bottom up; null where the day's numbers are unknown. */
  readonly parts: readonly [number, number] | null
  readonly title: string
}

const [WIDTH, HEIGHT, TOP, BOTTOM] = [320, 112, 20, 20]

/** Draws a small chart with one bar of two parts per day. The security policy allows no inline styles. */
export function DayBars({
  label,
  bars,
  marks: [top, first, last],
}: {
  /** Accessible name of the chart; its table has the figures. */
  readonly label: string
  readonly bars: readonly DayBar[]
  readonly marks: readonly [top: string, first: string, last: string]
}) {
  const most = Math.max(1e-9, ...bars.map(({ parts }) => (parts ? parts[0] + parts[1] : 0)))
  const foot = HEIGHT - BOTTOM
  const tall = (value: number) => Math.round((value / most) * (foot - TOP) * 10) / 10
  const slot = WIDTH / Math.max(bars.length, 1)
  const thick = Math.max(1.5, Math.round(slot * 0.7 * 10) / 10)
  const words = { className: 'fill-soft', fontSize: '12' }
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      className="block h-auto w-full max-w-md"
      role="img"
      aria-label={label}
    >
      <path d={`M0 ${TOP}H${WIDTH}`} className="stroke-line" strokeDasharray="2 4" />
      <path d={`M0 ${foot + 0.5}H${WIDTH}`} className="stroke-edge" />
      {bars.map(({ key, parts, title }, at) => {
        const x = Math.round((at * slot + (slot - thick) / 2) * 10) / 10
        if (parts === null)
          return (
            <rect key={key} x={x} y={foot - 3} width={thick} height={3} className="fill-line">
              <title>{title}</title>
            </rect>
          )
        const [low, high] = [tall(parts[0]), tall(parts[1])]
        return (
          <g key={key}>
            <title>{title}</title>
            <rect x={x} y={foot - low} width={thick} height={low} className="fill-teal" />
            <rect x={x} y={foot - low - high} width={thick} height={high} className="fill-saffron" />
          </g>
        )
      })}
      <text x="0" y={TOP - 6} {...words}>
        {top}
      </text>
      <text x="0" y={HEIGHT - 5} {...words}>
        {first}
      </text>
      <text x={WIDTH} y={HEIGHT - 5} textAnchor="end" {...words}>
        {last}
      </text>
    </svg>
  )
}
