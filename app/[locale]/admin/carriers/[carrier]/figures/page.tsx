import { getLocale, getTranslations } from 'next-intl/server'
import { type DayBar, DayBars } from '#components/ui/day-bars.tsx'
import { Details } from '#components/ui/details.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { Time } from '#components/ui/time.tsx'
import { carrierHealth } from '#features/exchange/carriers/data.ts'
import {
  HEALTH_SPANS,
  type Health,
  type HealthDay,
  type HealthSpan,
  readSpan,
  spanStart,
} from '#features/exchange/carriers/rules.ts'
import { failureWords } from '#features/exchange/orders/failure-words.tsx'
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

async function CarrierHealth({
  carrierId,
  health,
  span,
}: {
  readonly carrierId: string
  readonly health: Health
  readonly span: HealthSpan
}) {
  const t = await getTranslations('exchange.health')
  return (
    <section className="stack" aria-labelledby="health" data-health={span}>
      <h2 id="health">{t('title')}</h2>
      <Tabs
        label={t('span')}
        tabs={HEALTH_SPANS.map((days) => ({
          key: String(days),
          href: {
            pathname: '/admin/carriers/[carrier]/figures',
            params: { carrier: carrierId },
            query: { days: String(days) },
          },
          label: t('days', { count: days }),
          current: days === span,
        }))}
      />
      {health.isYoung ? (
        <div data-young="">
          <Notice tone="info" title={t('young')}>
            <p>{t('young_text')}</p>
          </Notice>
        </div>
      ) : null}
      <Charts days={health.days} />
      <Contact health={health} />
      <Refusals health={health} />
      <Details summary={t('table')}>
        <DayTable days={health.days} />
      </Details>
    </section>
  )
}

async function Charts({ days }: { readonly days: readonly HealthDay[] }) {
  const [t, locale, took] = await Promise.all([
    getTranslations('exchange.health'),
    getLocale(),
    durationWords(),
  ])
  const day = (text: string) => formatDay(locale, text)
  const most = (of: (one: HealthDay) => number) => Math.max(0, ...days.map(of))
  const ends = [day(days[0]?.day ?? ''), day(days.at(-1)?.day ?? '')] as const
  const bars = (of: (one: HealthDay) => DayBar['parts'], title: (one: HealthDay) => string) =>
    days.map((one) => ({ key: one.day, parts: of(one), title: `${day(one.day)}: ${title(one)}` }))
  const slowest = most(({ p90Seconds }) => p90Seconds ?? 0)
  const charts = [
    {
      key: 'answers',
      top: t('most', { count: most(({ applied, refused }) => applied + refused) }),
      bars: bars(
        ({ applied, refused }) => [applied, refused],
        ({ applied, refused }) => t('answers_day', { applied, refused }),
      ),
    },
    {
      key: 'delays',
      top: slowest === 0 ? '' : took(slowest),
      bars: bars(
        ({ medianSeconds: median, p90Seconds: p90 }) =>
          median === null ? null : [median, Math.max(0, (p90 ?? median) - median)],
        ({ medianSeconds, p90Seconds }) =>
          medianSeconds === null
            ? t('no_answer')
            : t('delays_day', { median: took(medianSeconds), p90: took(p90Seconds) }),
      ),
    },
    {
      key: 'silence',
      top: t('hours', { count: most(({ silentHours }) => silentHours ?? 0) }),
      bars: bars(
        ({ silentHours }) => (silentHours === null ? null : [0, silentHours]),
        ({ silentHours }) => (silentHours === null ? t('not_noted') : t('hours', { count: silentHours })),
      ),
    },
  ] as const
  return (
    <div className="grid gap-6 md:grid-cols-3">
      {charts.map(({ key, top, bars }) => (
        <figure key={key} className="stack" data-chart={key}>
          <figcaption>
            <b>{t(key)}</b>
            <span className="block text-sm text-soft">{t(`${key}_text`)}</span>
          </figcaption>
          <DayBars label={t(key)} bars={bars} marks={[top, ...ends]} />
        </figure>
      ))}
    </div>
  )
}

async function Contact({ health: { notedSince } }: { readonly health: Health }) {
  const t = await getTranslations('exchange.health')
  return (
    <p className="text-soft">
      {notedSince === null ? (
        t('never_noted')
      ) : (
        <>
          {t('noted_since')} <Time at={notedSince} form="stamp" />
        </>
      )}
    </p>
  )
}

async function Refusals({ health: { refusals } }: { readonly health: Health }) {
  const [t, words] = await Promise.all([getTranslations('exchange.health'), failureWords()])
  return (
    <div className="stack">
      <h3>{t('refusals')}</h3>
      {refusals.length === 0 ? (
        <p>{t('no_refusals')}</p>
      ) : (
        <Table
          caption={t('refusals')}
          captionHidden
          columns={[
            { head: t('why'), cell: ({ code }) => words(code) },
            { head: t('orders'), align: 'end', cell: ({ count }) => <span className="num">{count}</span> },
          ]}
          rows={refusals}
          keyOf={({ code }) => code}
          marks={({ code }) => ({ 'data-code': code })}
        />
      )}
    </div>
  )
}

async function DayTable({ days }: { readonly days: readonly HealthDay[] }) {
  const [t, locale, took] = await Promise.all([
    getTranslations('exchange.health'),
    getLocale(),
    durationWords(),
  ])
  const num = (value: number | string | null) => <span className="num">{value ?? '–'}</span>
  return (
    <Table
      caption={t('table')}
      captionHidden
      phone="scroll"
      columns={[
        { head: t('day'), cell: (one) => formatDay(locale, one.day) },
        { head: t('column.applied'), align: 'end' as const, cell: (one) => num(one.applied) },
        { head: t('column.refused'), align: 'end' as const, cell: (one) => num(one.refused) },
        {
          head: t('column.median'),
          align: 'end' as const,
          cell: (one) => num(one.medianSeconds === null ? null : took(one.medianSeconds)),
        },
        {
          head: t('column.p90'),
          align: 'end' as const,
          cell: (one) => num(one.p90Seconds === null ? null : took(one.p90Seconds)),
        },
        { head: t('column.silent'), align: 'end' as const, cell: (one) => num(one.silentHours) },
      ]}
      rows={days.toReversed()}
      keyOf={(one) => one.day}
      marks={(one) => ({ 'data-day': one.day })}
    />
  )
}

/** Formats a day (`YYYY-MM-DD`) briefly for a chart: 28/11 in Vietnamese, 28 Nov in English. */
const formatDay = (locale: string, day: string): string =>
  locale === 'en'
    ? new Date(`${day}T12:00:00Z`).toLocaleDateString('en-GB', {
        day: 'numeric',
        month: 'short',
        timeZone: 'UTC',
      })
    : `${day.slice(8, 10)}/${day.slice(5, 7)}`

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
