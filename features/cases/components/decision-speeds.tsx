import { getLocale, getTranslations } from 'next-intl/server'
import { Details } from '#components/ui/details.tsx'
import { Table } from '#components/ui/table.tsx'
import type { DecisionSpeed } from '../rules/proof.ts'

export interface DecisionSpeedsProps {
  readonly speeds: readonly DecisionSpeed[]
  /** Names of the units by id. */
  readonly areas: ReadonlyMap<string, string>
}

/** Shows how many decisions came within seconds of the opening, by unit and kind, the largest share first. */
export async function DecisionSpeeds({ speeds, areas }: DecisionSpeedsProps) {
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
          { key: 'unit', label: t('speed.unit') },
          { key: 'move', label: t('speed.move') },
          { key: 'count', label: t('speed.count'), align: 'end' },
          { key: 'quick', label: t('speed.quick'), align: 'end' },
          { key: 'share', label: t('speed.share'), align: 'end' },
        ]}
        rows={speeds
          .toSorted((a, b) => b.quick / b.count - a.quick / a.count || b.count - a.count)
          .map((one) => ({
            key: `${one.unitId} ${one.move}`,
            marks: { 'data-speed': one.move, 'data-quick': one.quick, 'data-count': one.count },
            cells: {
              unit: one.unitId === null ? t('speed.city') : (areas.get(one.unitId) ?? one.unitId),
              move: t(`move.${one.move}`),
              count: one.count,
              quick: one.quick,
              share: share.format(one.quick / one.count),
            },
          }))}
      />
    </Details>
  )
}
