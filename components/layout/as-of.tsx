import { getLocale, getTranslations } from 'next-intl/server'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { Notice } from '../ui/notice.tsx'

/** Says of when a page is, where it is drawn from a copy of the database that is behind. */
export async function AsOf({ at }: { readonly at: Instant | null }) {
  if (at === null) return null
  const [t, locale] = await Promise.all([getTranslations('common.asOf'), getLocale()])
  return (
    <div className="mb-6 max-w-measure" data-as-of={at.toISOString()}>
      <Notice tone="info" title={t('title', { time: formatInstant(locale, at, 'moment') })}>
        <p>{t('text')}</p>
      </Notice>
    </div>
  )
}
