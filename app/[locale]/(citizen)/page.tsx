import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Door } from '#components/ui/card.tsx'
import { BankLines, FEW_BANKS, SimLines } from '#features/hotlines/lines.tsx'
import { bankHotlines } from '#features/lookup-tables/queries.ts'
import { FirstAid } from '#features/reporting/components/first-aid.tsx'
import { HowItGoes } from '#features/reporting/components/how-it-goes.tsx'
import { cityMonths } from '#features/statistics/data.ts'
import { NewestMonth } from '#features/statistics/tables.tsx'
import type { Access } from '#lib/access/access.ts'

export const access = 'anybody' satisfies Access

const doors = [
  ['check', '/check', 'search'],
  ['blocked', '/blocked', 'ban'],
  ['help', '/help', 'help'],
  ['rate', '/rate', 'edit'],
  ['results', '/results', 'list'],
] as const

/** The newest published month and the two before it, to show whether it stands out. */
const MONTHS = 3

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations('home')
  return { title: t('plainTitle') }
}

export default async function HomePage() {
  const [t, banks, months] = await Promise.all([getTranslations('home'), bankHotlines(), cityMonths(MONTHS)])
  return (
    <div className="space-y-14 md:space-y-18">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-9 lg:grid-cols-[minmax(0,1.15fr)_minmax(0,1fr)] lg:gap-16">
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
        </section>
        <FirstAid />
      </div>
      <SimLines />
      <BankLines banks={banks.slice(0, FEW_BANKS)} />
      <HowItGoes />
      <section aria-labelledby="doors">
        <h2 id="doors" className="mb-4">
          {t('doors.title')}
        </h2>
        <div className="grid gap-4 md:grid-cols-3">
          {doors.map(([door, href, icon]) => (
            <Door key={door} href={href} title={t(`doors.${door}`)} icon={icon}>
              {t(`doors.${door}Text`)}
            </Door>
          ))}
        </div>
      </section>
      <NewestMonth months={months} />
    </div>
  )
}
