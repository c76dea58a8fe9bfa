import { getLocale, getTranslations } from 'next-intl/server'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import { formatDate, formatInstant } from '#messages/dates.ts'
import type { SeenPhone, SightingDay } from './data.ts'

/** Tries that are listed for the person; the rest is a count. */
const NEWEST = 3

/** Renders for a person when their phone tried to connect, never who has it or where. */
export async function SeenByCitizen({ times }: { readonly times: readonly Date[] }) {
  const [t, locale] = await Promise.all([getTranslations('sightings'), getLocale()])
  if (times.length === 0) return null
  const said = times.slice(0, NEWEST).map((at) => formatInstant(locale, at, 'moment'))
  return (
    <p data-sightings={times.length}>
      {t('citizen', { when: new Intl.ListFormat(locale).format(said), more: times.length - said.length })}{' '}
      {t('works')}
    </p>
  )
}

/** Renders the carriers' sightings for police: times at once, carrier and area once the papers are open. */
export async function SeenByPolice({ sightings }: { readonly sightings: readonly SeenPhone[] }) {
  const [t, locale] = await Promise.all([getTranslations('sightings'), getLocale()])
  if (sightings.length === 0) return null
  const isOpen = sightings.some(({ seen }) => seen !== null)
  return (
    <Notice tone="info" title={t('desk', { count: sightings.length })}>
      <ul data-sightings={sightings.length}>
        {sightings.map(({ id, at, seen }) => (
          <li key={id}>
            {formatInstant(locale, at, 'moment')}
            {seen === null
              ? null
              : `: ${[seen.carrier, t(`kind.${seen.kind}`), seen.area, seen.served && t('served')]
                  .filter(Boolean)
                  .join(', ')}`}
          </li>
        ))}
      </ul>
      {isOpen ? null : <p>{t('closed')}</p>}
    </Notice>
  )
}

export async function SightingDays({ days }: { readonly days: readonly SightingDay[] }) {
  const [t, locale] = await Promise.all([getTranslations('sightings'), getLocale()])
  return (
    <section className="stack" aria-labelledby="sightings">
      <h2 id="sightings">{t('days')}</h2>
      <p>{t('daysText')}</p>
      {days.length === 0 ? (
        <p>{t('none')}</p>
      ) : (
        <Table
          caption={t('days')}
          captionHidden
          columns={[
            { head: t('day'), cell: ({ day }) => formatDate(locale, day) },
            { head: t('tries'), cell: ({ tries }) => <span className="num">{tries}</span> },
            { head: t('let_in'), cell: ({ served }) => <span className="num">{served}</span> },
          ]}
          rows={days}
          keyOf={({ day }) => day}
          marks={({ day, tries, served }) => ({
            'data-day': day,
            'data-tries': tries,
            'data-served': served,
          })}
        />
      )}
    </section>
  )
}
