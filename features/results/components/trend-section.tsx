import { getTranslations } from 'next-intl/server'
import { PhoneFold } from '#components/ui/phone-fold.tsx'
import type { TrendSeries } from '../rules/trend.ts'
import { type TrendBreak, TrendChart } from './trend-chart.tsx'
import { TrendTable } from './trend-table.tsx'

export interface TrendSectionProps {
  readonly label: string
  readonly own: readonly TrendSeries[]
  readonly before?: readonly TrendSeries[]
  readonly breaks?: readonly TrendBreak[]
  /** The words on what to know of the breaks. */
  readonly note?: string
  readonly linked?: boolean
}

/** Renders a trend as drawing and table; in words where there are too few months for one. */
export async function TrendSection({
  label,
  own,
  before = [],
  breaks = [],
  note = '',
  linked = false,
}: TrendSectionProps) {
  const t = await getTranslations('results.trend')
  const months = [...own, ...before].flatMap(({ points }) => points)
  return (
    <PhoneFold id="trend" title={t('title')}>
      <p>{months.length < 2 ? t('notYet') : t('lead')}</p>
      {months.length < 2 ? null : <TrendChart label={label} own={own} before={before} breaks={breaks} />}
      {note === '' ? null : <p className="max-w-measure text-soft">{note}</p>}
      {months.length === 0 ? null : <TrendTable own={own} before={before} linked={linked} />}
    </PhoneFold>
  )
}
