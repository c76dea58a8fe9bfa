import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import { formatDate } from '#messages/dates.ts'
import type { CityTrend } from '../rules/trend.ts'
import { TrendSection } from './trend-section.tsx'

export interface CityTrendSectionProps {
  readonly label: string
  readonly trend: CityTrend
  readonly linked?: boolean
}

/** Renders a trend over all agencies, with the days on which they were reorganised. */
export async function CityTrendSection({ label, trend, linked = false }: CityTrendSectionProps) {
  const [t, format, locale] = await Promise.all([
    getTranslations('results.trend'),
    getFormatter(),
    getLocale(),
  ])
  const dates = trend.breaks.map((on) => formatDate(locale, on))
  return (
    <TrendSection
      label={label}
      own={trend.own}
      breaks={trend.breaks.map((on) => ({ on, label: t('break', { date: formatDate(locale, on) }) }))}
      note={dates.length === 0 ? '' : t('breakCity', { dates: format.list(dates) })}
      linked={linked}
    />
  )
}
