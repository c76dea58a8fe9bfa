import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { sharedWith } from '#features/alerts/consents/data.ts'
import { LockedByAnswer } from '#features/alerts/consents/sharing.tsx'
import { HourClock } from '#features/first-hour/hour-clock.tsx'
import {
  byLoss,
  endOfFirstHour,
  type Protection,
  readProtections,
  securedBy,
} from '#features/first-hour/rules.ts'
import { BankFold, SimFold } from '#features/hotlines/lines.tsx'
import { bankHotlines } from '#features/lookup-tables/data.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import { citizenCase, withinCase } from '#http/citizen.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { hasFirstHour } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import type { Locale } from '#messages/routing.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('first-hour', 'title')

/**
 * Guides through the three things to lock before reporting. It is one GET form: nothing is stored, and its address passes the
 * ticked boxes to the report's first page.
 */
export default async function FirstHourPage({ searchParams }: PageProps<'/[locale]/first-hour'>) {
  const [t, home, locale, { secured, at }, banks] = await Promise.all([
    getTranslations('first-hour'),
    getTranslations('home.now'),
    getLocale(),
    searchParams,
    bankHotlines(),
  ])
  if (!hasFirstHour()) notFoundPage(locale)
  // A browser that has opened its case also sees the banks' answers.
  const visit = await citizenCase(new Date())
  const shared =
    visit?.access === 'full' ? await withinCase(visit, () => sharedWith(visit.scope, visit.caseId)) : []
  const ticked = securedBy(readProtections(secured), shared)
  const things: Readonly<Record<Protection, ReactNode>> = {
    phone: (
      <>
        <ul className="prose">
          <li>{t.rich('phone.android', richTags)}</li>
          <li>{t.rich('phone.iphone', richTags)}</li>
        </ul>
        <p className="text-sm text-soft">{t('phone.imei')}</p>
        <Clock typed={typeof at === 'string' ? at.slice(0, 20) : ''} locale={locale} />
      </>
    ),
    sim: <SimFold />,
    money: (
      <>
        <LockedByAnswer shared={shared} />
        <BankFold banks={byLoss(banks)} inForm />
      </>
    ),
  }
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Notice tone="bad">
        <p>{home.rich('danger', richTags)}</p>
      </Notice>
      <form action={pathFor(locale, '/report')} method="get" className="stack-l" autoComplete="off">
        {(Object.keys(things) as Protection[]).map((thing, index) => (
          <Card key={thing} aria-labelledby={thing}>
            <h2 id={thing} className="text-xl">
              {index + 1}. {t(`${thing}.title`)}
            </h2>
            <p>{t(`${thing}.why`)}</p>
            {things[thing]}
            <label className="choice">
              <input type="checkbox" name="secured" value={thing} defaultChecked={ticked.includes(thing)} />
              <span>
                <b>{t(`${thing}.ticked`)}</b>
              </span>
            </label>
          </Card>
        ))}
        <section className="stack" aria-labelledby="report">
          <h2 id="report">{t('next.title')}</h2>
          <p>{t('next.text')}</p>
          <p className="actions">
            <Button>{t('next.go')}</Button>
          </p>
        </section>
      </form>
    </div>
  )
}

/** Shows the time left of the hour in which a thief cannot change the password of the phone's account. */
async function Clock({ typed, locale }: { readonly typed: string; readonly locale: Locale }) {
  const t = await getTranslations('first-hour.clock')
  const now = new Date()
  const end = endOfFirstHour(typed, now)
  const until = end.ok ? end.value : null
  const said = until && { until: formatInstant(locale, until, 'time') }
  return (
    <div className="stack" data-first-hour={until?.toISOString()}>
      <p>{t('text')}</p>
      {until === null || said === null ? null : (
        <HourClock
          until={until.toISOString()}
          minutes={Math.ceil((until.getTime() - now.getTime()) / 60_000)}
          left={t('left', { ...said, minutes: '{minutes}' })}
          over={t('over', said)}
        />
      )}
      <div className="field" data-invalid={end.ok ? undefined : ''}>
        <label htmlFor="at">{t('at')}</label>
        {end.ok ? null : (
          <p className="error" id="at-error" data-error-for="at">
            {t('format')}
          </p>
        )}
        <div className="flex gap-2">
          <input
            className="control"
            id="at"
            name="at"
            inputMode="numeric"
            placeholder="14:05"
            defaultValue={typed}
            aria-describedby={end.ok ? undefined : 'at-error'}
            aria-invalid={end.ok ? undefined : true}
          />
          <Button look="quiet" formAction={pathFor(locale, '/first-hour')}>
            {t('show')}
          </Button>
        </div>
      </div>
    </div>
  )
}
