import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { byLoss } from '#features/first-hour/rules.ts'
import { BankFold, SimFold } from '#features/hotlines/lines.tsx'
import { bankHotlines } from '#features/lookup-tables/queries.ts'
import { FirstAid } from '#features/reporting/start/first-aid.tsx'
import { HowItGoes } from '#features/reporting/start/how-it-goes.tsx'
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
          <h1>{t.rich('title', { br: () => <br /> })}</h1>
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
