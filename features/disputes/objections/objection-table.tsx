import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Due } from '#features/cases/queue/due.tsx'
import type { Instant } from '#lib/time.ts'
import type { SentState } from './rules.ts'

export interface ObjectionLine {
  readonly id: string
  readonly number: string
  /** `upheld`: one person agreed, and a second has to. */
  readonly state: SentState | 'upheld'
  readonly imei: string
  readonly dueAt: Instant
  readonly caseNumber: string | null
  readonly flags: readonly ('shared' | 'renewed' | 'inspection' | 'answered')[]
}

/** Renders objections that wait as a table: rows on a desk, cards on a phone. */
export async function ObjectionTable({
  lines,
  now,
}: {
  readonly lines: readonly ObjectionLine[]
  readonly now: Instant
}) {
  const t = await getTranslations('objection-staff')
  return (
    <Table
      caption={t('list')}
      captionHidden
      columns={[
        {
          head: t('number'),
          cell: (line) => (
            <Link
              className="num"
              data-row=""
              href={{ pathname: '/admin/objections/[objection]', params: { objection: line.number } }}
            >
              {line.number}
            </Link>
          ),
        },
        { head: t('imei'), phone: 'left', cell: (line) => <Num value={line.imei} groups={imeiGroups} /> },
        { head: t('state'), phone: 'right', cell: (line) => t(`states.${line.state}`) },
        {
          head: t('notes'),
          cell: (line) =>
            line.flags.length === 0 ? null : (
              <span className="inline-flex flex-wrap justify-end gap-1.5 md:justify-start">
                {line.flags.map((flag) => (
                  <Tag key={flag} tone={flag === 'answered' ? 'plain' : 'wait'}>
                    {t(`flag.${flag}`)}
                  </Tag>
                ))}
              </span>
            ),
        },
        {
          head: t('case'),
          cell: (line) => (line.caseNumber ? <span className="num">{line.caseNumber}</span> : null),
        },
        {
          head: t('due'),
          align: 'end',
          phone: 'right',
          cell: (line) => (
            <Due
              state={line.state === 'info_requested' ? 'info_requested' : 'under_review'}
              dueAt={line.dueAt}
              withdrawEffectiveAt={null}
              held={null}
              now={now}
            />
          ),
        },
      ]}
      rows={lines}
      keyOf={(line) => line.id}
      marks={(line) => ({ 'data-objection-number': line.number, 'data-objection-status': line.state })}
    />
  )
}
