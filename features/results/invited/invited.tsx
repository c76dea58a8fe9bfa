import { getLocale, getTranslations } from 'next-intl/server'
import { toTenThousandths } from '#lib/ten-thousandths.ts'
import { Gauge } from '../headline.tsx'
import { monthLabel, percent } from '../rules.ts'
import type { InvitedResult } from './rules.ts'

/** Renders the answers of people drawn at random: the newest release in full, each earlier one in a line. */
export async function Invited({
  agency,
  releases,
}: {
  readonly agency: string
  readonly releases: readonly InvitedResult[]
}) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results.invited')])
  const [newest, ...earlier] = releases
  if (newest === undefined) return null
  const months = (one: InvitedResult) => one.of.map((month) => monthLabel(locale, month)).join(', ')
  const rate = (one: InvitedResult) => percent(locale, one.answered / one.drawn)
  return (
    <section
      className="stack max-w-measure"
      aria-labelledby="invited"
      data-invited={newest.answered}
      data-satisfied={newest.share ? toTenThousandths(newest.share.value) : undefined}
    >
      <h1 id="invited">
        {newest.share === null
          ? t('title', { agency })
          : t('headline', { agency, share: Math.round(newest.share.value * 100) })}
      </h1>
      {newest.share === null ? <p>{t('none')}</p> : <Gauge share={newest.share} few={false} />}
      <p>
        {t('told', {
          ...{ cases: newest.cases, drawn: newest.drawn, answered: newest.answered },
          ...{ rate: rate(newest), months: months(newest) },
        })}
      </p>
      <p className="text-sm text-soft">{t('limits', { source: newest.sources.join('; ') })}</p>
      {earlier.length === 0 ? null : (
        <ul>
          {earlier.map((one) => (
            <li key={one.month}>
              {t('earlier', {
                ...{ months: months(one), answered: one.answered, rate: rate(one) },
                share: one.share === null ? '–' : percent(locale, one.share.value),
              })}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
