import { getTranslations } from 'next-intl/server'
import type { Facts } from '../rules/facts.ts'
import { CountChart } from './count-chart.tsx'

export interface KindsChartProps {
  readonly label: string
  readonly rows: readonly (Facts & { readonly key: string; readonly name: string })[]
  /** The number of last rows that have room on a phone. */
  readonly onPhone: number
}

/**
 * Draws robberies and snatchings below, thefts and losses above. It is drawn twice, so that its words are never
 * too small to read.
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
