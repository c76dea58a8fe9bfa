import { getLocale, getTranslations } from 'next-intl/server'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { carrierHealth } from '#features/exchange/carriers/data.ts'
import { readSpan, spanStart } from '#features/exchange/carriers/rules.ts'
import { carrierStanding } from '#features/exchange/relay/data.ts'
import { sightingDays } from '#features/exchange/sightings/data.ts'
import { SightingDays } from '#features/exchange/sightings/seen.tsx'
import { monthLabel, people, percent } from '#features/results/rules.ts'
import { type CarrierFigures, readCarrierFigures } from '#features/statistics/data.ts'
import { CarrierTimes, durationWords } from '#features/statistics/tables.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { titled } from '#messages/page-title.ts'
import { CarrierHeader } from '../carrier-header.tsx'
import { CarrierHealth } from './health.tsx'

export const access = 'carrier:attend' satisfies Access

export const generateMetadata = titled('exchange', 'carrier.page.figures')

export default async function CarrierFiguresPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/carriers/[carrier]/figures'>) {
  const staff = await requireStaff(access)
  const [{ carrier: id }, { days }, locale, t] = await Promise.all([
    params,
    searchParams,
    getLocale(),
    getTranslations('exchange.figures'),
  ])
  const scope = carrierScope(staff)
  const now = new Date()
  const span = readSpan(typeof days === 'string' ? days : '')
  const [carrier, figures, health, seen] = scope
    ? await Promise.all([
        carrierStanding(scope, id, now),
        readCarrierFigures(scope, id, now),
        carrierHealth(scope, id, span, now),
        sightingDays(scope, id, spanStart(span, now)),
      ])
    : [null, null, null, null]
  if (!carrier || !figures || !health || !seen) notFoundPage(locale)
  const [newest] = figures.beside
  return (
    <div className="stack-l">
      <CarrierHeader carrier={carrier} current="figures" />
      <CarrierHealth carrierId={id} health={health} span={span} />
      <section className="stack" aria-labelledby="recent">
        <h2 id="recent">{t('recent')}</h2>
        <p>{t('recent_text')}</p>
        {figures.recent.orders === 0 ? (
          <p data-recent="none">{t('recent_none')}</p>
        ) : (
          <Recent recent={figures.recent} />
        )}
      </section>
      <SightingDays days={seen} />
      {newest === undefined ? (
        <p className="text-soft">{t('none')}</p>
      ) : (
        <>
          <section className="stack" aria-labelledby="beside">
            <h2 id="beside">{t('beside', { month: monthLabel(locale, newest.month) })}</h2>
            <CarrierTimes carriers={figures.beside} own={id} />
          </section>
          <section className="stack" aria-labelledby="months">
            <h2 id="months">{t('months')}</h2>
            <CarrierTimes carriers={figures.months} by="month" />
          </section>
        </>
      )}
      <p>
        <Link href={{ pathname: '/figures', hash: 'carriers' }}>{t('public')}</Link>
      </p>
    </div>
  )
}

async function Recent({ recent }: { readonly recent: CarrierFigures['recent'] }) {
  const [locale, t, time] = await Promise.all([
    getLocale(),
    getTranslations('figures.carriers'),
    durationWords(),
  ])
  const { orders, within24h, medianSeconds, p90Seconds } = recent
  const some = orders > 0
  return (
    <Figures
      items={[
        { key: 'orders', value: people(locale, orders), label: t('orders') },
        ...(some ? [{ key: 'share', value: percent(locale, within24h / orders), label: t('share') }] : []),
        ...(some ? [{ key: 'median', value: time(medianSeconds), label: t('median') }] : []),
        ...(some ? [{ key: 'p90', value: time(p90Seconds), label: t('p90') }] : []),
      ]}
    />
  )
}
