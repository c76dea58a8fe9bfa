import { getLocale, getTranslations } from 'next-intl/server'
import { formatInstant } from '#messages/dates.ts'
import { type Area, sayArea } from '../citizen/offices.tsx'
import type { OpeningsOfADay } from './rules.ts'

export interface WhoLookedProps {
  /** Null without full access: then nothing is shown. */
  readonly looked: { readonly days: readonly OpeningsOfADay[]; readonly more: boolean } | null
  /** Null if the office would reveal too much: then "police" is shown instead. */
  readonly units: ReadonlyMap<string, Area> | null
  readonly titled?: boolean
}

/** Renders which office opened the person's papers and contact, when and why. Kept apart from the history of the case. */
export async function WhoLooked({ looked, units, titled = true }: WhoLookedProps) {
  if (looked === null) return null
  const [t, locale, area] = await Promise.all([
    getTranslations('disclosure'),
    getLocale(),
    sayArea(units ?? new Map()),
  ])
  const who = (unitId: string | null) => {
    if (units === null) return t('citizen.police')
    return unitId === null ? t('citizen.city') : t('citizen.district', { area: area(unitId) })
  }
  return (
    <section className="text-sm" data-openings={looked.days.length}>
      {titled ? <h3 className="mb-2">{t('citizen.title')}</h3> : null}
      {looked.days.length === 0 ? <p className="text-soft">{t('citizen.nobody')}</p> : null}
      <ul className="space-y-2">
        {looked.days.map(({ at, unitId, reason, count }) => (
          <li key={`${at.toISOString()} ${unitId} ${reason}`}>
            {t('citizen.opened', {
              who: who(unitId),
              time: formatInstant(locale, at, 'moment'),
              reason: t(`reason.${reason}`),
            })}
            {count > 1 ? <span className="text-soft"> {t('citizen.times', { count })}</span> : null}
          </li>
        ))}
      </ul>
      {looked.more ? <p className="text-soft">{t('citizen.more')}</p> : null}
    </section>
  )
}
