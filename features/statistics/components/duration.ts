import { getLocale, getTranslations } from 'next-intl/server'

/** Says how long something took: whole minutes below an hour, then hours with a decimal; null is never. */
export async function durationWords(): Promise<(seconds: number | null) => string> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('figures.carriers')])
  const hours = new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })
  return (seconds) =>
    seconds === null
      ? t('never')
      : seconds < 3600
        ? t('minutes', { count: Math.ceil(seconds / 60) })
        : t('hours', { count: hours.format(seconds / 3600) })
}
