import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { MOST_IN_UNIT, type UnitLine } from '#features/cases/board/page-data.ts'
import type { Period } from '#features/cases/board/rules.ts'
import { boardRoute } from './query.ts'

export interface OverviewProps {
  readonly units: readonly UnitLine[]
  readonly period: Period
  readonly names: ReadonlyMap<string, string>
}

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
        {
          head: t('units.unit'),
          cell: ({ unitId }) => (
            <Link href={boardRoute({ unit: unitId, period })}>{names.get(unitId) ?? unitId}</Link>
          ),
        },
        { head: t('units.open'), align: 'end', cell: ({ open }) => few(open) },
        {
          head: t('units.overdue'),
          align: 'end',
          cell: ({ overdue }) => (overdue > 0 ? <b className="text-red">{few(overdue)}</b> : 0),
        },
        { head: t('units.unassigned'), align: 'end', cell: ({ unassigned }) => few(unassigned) },
        { head: t('units.approval'), align: 'end', cell: ({ approval }) => few(approval) },
        {
          head: t('units.first'),
          align: 'end',
          cell: ({ work: { counts } }) => of(counts.first_on_time, counts.first_late),
        },
        {
          head: t('units.decided'),
          align: 'end',
          cell: ({ work: { counts } }) => of(counts.decided_on_time, counts.decided_late),
        },
      ]}
      rows={units}
      keyOf={({ unitId }) => unitId}
      marks={({ unitId, open }) => ({ 'data-unit': unitId, 'data-open': open })}
    />
  )
}
