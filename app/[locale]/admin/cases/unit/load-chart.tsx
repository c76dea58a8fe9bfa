export interface LoadBar {
  readonly key: string
  readonly name: string
  readonly open: number
  readonly overdue: number
}

export interface LoadChartProps {
  /** The subject of the drawing, for people who do not see it; its table has the figures. */
  readonly label: string
  readonly bars: readonly LoadBar[]
}

const ROW = 34

/**
 * Draws what each person has as a bar, the overdue part first. Drawn twice, so that its words are never too small to
 * read.
 */
export function LoadChart({ label, bars }: LoadChartProps) {
  return (
    <>
      <div className="sm:hidden">
        <Drawing label={label} bars={bars} width={330} names={0} />
      </div>
      <div className="hidden sm:block">
        <Drawing label={label} bars={bars} width={720} names={200} />
      </div>
    </>
  )
}

/**
 * Draws with attributes and classes only: the policy allows no styles. `names` is the width of the names beside the
 * bars; 0: above them.
 */
function Drawing({
  label,
  bars,
  width,
  names,
}: LoadChartProps & { readonly width: number; readonly names: number }) {
  const row = names === 0 ? ROW + 14 : ROW
  const most = Math.max(10, ...bars.map(({ open }) => open))
  const scale = (count: number) => Math.round((count / most) * (width - names - 48) * 10) / 10
  const top = names === 0 ? 20 : 8
  return (
    <svg
      viewBox={`0 0 ${width} ${bars.length * row + 4}`}
      className="block h-auto w-full"
      role="img"
      aria-label={label}
    >
      {bars.map(({ key, name, open, overdue }, at) => (
        <g key={key}>
          <text x="0" y={at * row + (names === 0 ? 14 : 22)} className="fill-ink" fontSize="14">
            {shorten(name, names === 0 ? 40 : 30)}
          </text>
          <rect
            x={names}
            y={at * row + top}
            width={Math.max(scale(open), 1)}
            height="18"
            className={open === 0 ? 'fill-line' : 'fill-teal'}
          />
          <rect x={names} y={at * row + top} width={scale(overdue)} height="18" className="fill-red" />
          <text x={names + scale(open) + 8} y={at * row + top + 14} className="fill-soft" fontSize="14">
            {open}
          </text>
        </g>
      ))}
    </svg>
  )
}

const shorten = (name: string, most: number): string =>
  name.length > most ? `${name.slice(0, most - 1)}…` : name
