const BOXES = [
  { key: 'acts', x: 15, y: 4, width: 140 },
  { key: 'sign', x: 185, y: 4, width: 140 },
  { key: 'paper', x: 2, y: 104, width: 104 },
  { key: 'head', x: 118, y: 104, width: 104 },
  { key: 'anew', x: 234, y: 104, width: 104 },
] as const
const HEIGHT = 52
const LINES = ['M155 30H179', 'M255 56V80H54V98', 'M255 80H170V98', 'M255 80H286V98'] as const

export const WhoKeepsWhat = ({
  label,
  words,
}: {
  readonly label: string
  readonly words: Readonly<Record<(typeof BOXES)[number]['key'], string>>
}) => (
  <svg viewBox="0 0 340 160" role="img" aria-label={label} className="w-full max-w-xl" data-picture>
    <defs>
      <marker id="to" viewBox="0 0 8 8" refX="6" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M0 0L8 4L0 8Z" fill="currentColor" />
      </marker>
    </defs>
    {LINES.map((line) => (
      <path key={line} d={line} fill="none" stroke="currentColor" strokeWidth="1.5" markerEnd="url(#to)" />
    ))}
    {BOXES.map(({ key, x, y, width }) => (
      <g key={key}>
        <rect
          {...{ x, y, width, height: HEIGHT, rx: 8 }}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        />
        {words[key].split('\n').map((line, at, all) => (
          <text
            key={line}
            x={x + width / 2}
            y={y + HEIGHT / 2 + 4 + (at - (all.length - 1) / 2) * 16}
            textAnchor="middle"
            fontSize="12"
            fill="currentColor"
          >
            {line}
          </text>
        ))}
      </g>
    ))}
  </svg>
)
