import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { MOST_IN_UNIT, type UnitLine } from '#features/cases/queries/unit.ts'
import type { Period } from '#features/cases/rules/supervision.ts'
import { boardRoute } from './query.ts'

export interface OverviewProps {
  readonly units: readonly UnitLine[]
  readonly period: Period
  /** Names by unit. */
  readonly names: ReadonlyMap<string, string>
}

/** Shows every unit beside the others, each leading to its board. */
export async function Overview({ units, period, names }: OverviewProps) {
  const t = await getTranslations('unit')
  const few = (count: number) => (count >= MOST_IN_UNIT ? `${MOST_IN_UNIT}+` : count)
  const of = (part: number, late: number) =>
    part + late === 0 ? '–' : t('work.of', { part, all: part + late })
  return (
    <Table
      caption={t('units.caption')}
      captionHidden
      phone="scroll"
      columns={[
        { key: 'unit', label: t('units.unit') },
        ...(['open', 'overdue', 'unassigned', 'approval', 'first', 'decided'] as const).map((key) => ({
          key,
          label: t(`units.${key}`),
          align: 'end' as const,
        })),
      ]}
      rows={units.map(({ unitId, work: { counts }, ...load }) => ({
        key: unitId,
        marks: { 'data-unit': unitId, 'data-open': load.open },
        cells: {
          unit: <Link href={boardRoute({ unit: unitId, period })}>{names.get(unitId) ?? unitId}</Link>,
          open: few(load.open),
          overdue: load.overdue > 0 ? <b className="text-red">{few(load.overdue)}</b> : 0,
          unassigned: few(load.unassigned),
          approval: few(load.approval),
          first: of(counts.first_on_time, counts.first_late),
          decided: of(counts.decided_on_time, counts.decided_late),
        },
      }))}
    />
  )
}
