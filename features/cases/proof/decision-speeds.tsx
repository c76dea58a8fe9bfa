import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Table } from '#components/ui/table.tsx'
import type { DecisionSpeed } from './rules.ts'

/** Shows how many decisions came within seconds of opening the evidence, by unit and kind, the largest share first. */
export async function DecisionSpeeds({
  speeds,
  areas,
}: {
  readonly speeds: readonly DecisionSpeed[]
  readonly areas: ReadonlyMap<string, string>
}) {
  const [t, locale] = await Promise.all([getTranslations('case-staff'), getLocale()])
  if (speeds.length === 0) return null
  const share = new Intl.NumberFormat(locale, { style: 'percent' })
  const quick = speeds.reduce((sum, one) => sum + one.quick, 0)
  const count = speeds.reduce((sum, one) => sum + one.count, 0)
  return (
    <Details summary={t('speed.title', { quick, count })}>
      <p>{t('speed.text')}</p>
      <Table
        caption={t('speed.caption')}
        captionHidden
        columns={[
          {
            head: t('speed.unit'),
            cell: (one) => (one.unitId === null ? t('speed.city') : (areas.get(one.unitId) ?? one.unitId)),
          },
          { head: t('speed.move'), cell: (one) => t(`move.${one.move}`) },
          { head: t('speed.count'), align: 'end', cell: (one) => one.count },
          { head: t('speed.quick'), align: 'end', cell: (one) => one.quick },
          { head: t('speed.share'), align: 'end', cell: (one) => share.format(one.quick / one.count) },
        ]}
        rows={speeds.toSorted((a, b) => b.quick / b.count - a.quick / a.count || b.count - a.count)}
        keyOf={(one) => `${one.unitId} ${one.move}`}
        marks={(one) => ({ 'data-speed': one.move, 'data-quick': one.quick, 'data-count': one.count })}
      />
    </Details>
  )
}
