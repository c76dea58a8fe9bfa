import { getLocale, getTranslations } from 'next-intl/server'
import { Figures } from '#components/ui/figures.tsx'
import { AGENCY_GROUPS, placesOf } from '#features/agencies/rules/agency.ts'
import type { CityResults } from '../rules/results.ts'
import { percent } from './percent.ts'

/** Renders the share of each kind of agency with its interval; nothing of a kind whose share is not public. */
export async function GroupFigures({
  groups,
  agencies,
  former,
}: Pick<CityResults, 'groups' | 'agencies' | 'former'>) {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('results')])
  const places = placesOf([...agencies, ...former].map(({ agency }) => agency.kind))
  const items = AGENCY_GROUPS.flatMap((group) => {
    const { share, responses } = groups[group]
    if (share === null) return []
    const bounds = { low: percent(locale, share.low), high: percent(locale, share.high), count: responses }
    return [
      {
        key: group,
        value: percent(locale, share.satisfied),
        label: t(group, { places }),
        detail: t('groupShare', bounds),
      },
    ]
  })
  return items.length === 0 ? null : <Figures items={items} />
}
