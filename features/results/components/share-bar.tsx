import type { Interval } from '#lib/statistics/wilson.ts'

export interface ShareBarProps {
  /** 0 to 1. */
  readonly share: number
  readonly interval: Interval
  /** Below 30 answers it is drawn grey. */
  readonly few: boolean
  /** The words for people who do not see the drawing; empty where the page has them beside it. */
  readonly label: string
  /** Drawn for half the width, so that its whiskers are still seen where there is little. */
  readonly short?: boolean
}

/** Renders a share as a bar from 0 to 100 %, its interval as whiskers. Attributes and classes only: the policy allows no styles. */
export function ShareBar({ share, interval, few, label, short = false }: ShareBarProps) {
  const width = short ? 200 : 400
  const at = (value: number) => Math.round(value * width * 10) / 10
  const { low, high } = interval
  return (
    <svg
      viewBox={`-2 0 ${width + 4} 24`}
      className={`block h-auto w-full ${short ? 'max-w-50' : 'min-w-24'}`}
      role="img"
      aria-label={label}
      aria-hidden={label === ''}
    >
      <rect x="0" y="8" width={width} height="8" rx="4" className="fill-line" />
      <rect x={at(low)} y="5" width={at(high - low)} height="14" className="fill-edge opacity-50" />
      <rect x="0" y="8" width={at(share)} height="8" rx="4" className={few ? 'fill-edge' : 'fill-teal'} />
      {[low, high].map((bound, index) => (
        <line
          // biome-ignore lint/suspicious/noArrayIndexKey: two bounds, which may be equal
          key={index}
          x1={at(bound)}
          x2={at(bound)}
          y1="3"
          y2="21"
          strokeWidth="2"
          className="stroke-ink"
        />
      ))}
    </svg>
  )
}
