import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { byLoss } from '#features/first-hour/rules.ts'
import { BankFold, SimFold } from '#features/hotlines/lines.tsx'
import { bankHotlines } from '#features/lookup-tables/data.ts'
import { richTags } from '#features/reporting/start/rich-text.tsx'
import { readCityMonths } from '#features/statistics/data.ts'
import { NewestMonth } from '#features/statistics/tables.tsx'
import { arePhonesRegistered } from '#http/phones.ts'
import { hasFirstHour } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

const doors = [
  ['blocked', '/blocked'],
  ['phones', '/my-phones'],
  ['check', '/check'],
  ['rate', '/rate'],
  ['results', '/results'],
] as const

export const generateMetadata = titled('home', 'plainTitle')

export default async function HomePage() {
  const offered = doors.filter(([door]) => door !== 'phones' || arePhonesRegistered())
  const [t, banks, [month]] = await Promise.all([getTranslations('home'), bankHotlines(), readCityMonths(1)])
  return (
    <div className="space-y-9 md:space-y-14">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-8 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)] lg:gap-16">
        <section className="stack">
          <h1>{t.rich('title', { line: (words) => <span className="block">{words}</span> })}</h1>
          <p>{t('lead')}</p>
          <p className="actions pt-1">
            <ButtonLink href="/report">{t('report')}</ButtonLink>
            <ButtonLink href="/track" look="quiet">
              {t('track')}
            </ButtonLink>
          </p>
          <p className="text-sm text-soft">{t('easy')}</p>
          <Notice tone="bad">
            <p>{t.rich('now.danger', richTags)}</p>
          </Notice>
        </section>
        <FirstAid sim={<SimFold />} bank={<BankFold banks={byLoss(banks)} />} steps={hasFirstHour()} />
      </div>
      <section aria-labelledby="doors">
        <h2 id="doors" className="mb-4">
          {t('doors.title')}
        </h2>
        <ul className="divide-y divide-line rounded-part border border-line bg-card md:grid md:grid-cols-2 md:divide-y-0">
          {offered.map(([door, href]) => (
            <li key={door} className="relative flex items-center gap-3 p-4 hover:bg-teal-wash md:p-5">
              <div className="flex-1">
                <h3 className="text-base">
                  <Link href={href} className="no-underline after:absolute after:inset-0">
                    {t(`doors.${door}`)}
                  </Link>
                </h3>
                <p className="text-sm text-soft">{t(`doors.${door}Text`)}</p>
              </div>
              <Icon name="next" size={18} />
            </li>
          ))}
        </ul>
      </section>
      <div className="grid gap-9 lg:grid-cols-2 lg:gap-16">
        <HowItGoes />
        {month === undefined ? null : <NewestMonth month={month} />}
      </div>
    </div>
  )
}

const steps = ['seen', 'decided', 'blocked'] as const

async function HowItGoes() {
  const t = await getTranslations('home.how')
  return (
    <section aria-labelledby="how" className="stack">
      <h2 id="how">{t('title')}</h2>
      <ol className="stack">
        {steps.map((step) => (
          <li key={step} className="grid grid-cols-[5.5rem_1fr] gap-x-3">
            <b className="num text-teal">{t(`${step}.time`)}</b>
            <span>{t(`${step}.text`)}</span>
          </li>
        ))}
      </ol>
      <p className="text-sm text-soft">{t('returned')}</p>
    </section>
  )
}

const things = ['locate', 'sim', 'bank'] as const

async function FirstAid({
  steps,
  ...calls
}: {
  readonly sim: ReactNode
  readonly bank: ReactNode
  /** True where the installation has a page with these steps. */
  readonly steps: boolean
}) {
  const t = await getTranslations('home.now')
  const folds = { ...calls, locate: null }
  return (
    <Card aria-labelledby="first-aid">
      <h2 id="first-aid">{t('title')}</h2>
      <ol className="divide-y divide-line">
        {things.map((thing, index) => (
          <li key={thing} className="flex gap-3 py-3 first:pt-0 last:pb-0">
            <span
              aria-hidden="true"
              className="num mt-px grid size-7 flex-none place-items-center rounded-full bg-teal-wash text-sm font-semibold text-teal-deep"
            >
              {index + 1}
            </span>
            <div className="min-w-0 flex-1 space-y-1">
              <p>{t.rich(thing, richTags)}</p>
              {folds[thing]}
            </div>
          </li>
        ))}
      </ol>
      {steps ? <p>{t.rich('steps', richTags)}</p> : null}
    </Card>
  )
}
