import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Due } from '#features/cases/components/due.tsx'
import type { Instant } from '#lib/time.ts'
import type { SentState } from '../rules/state.ts'

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
        { key: 'number', label: t('number') },
        { key: 'imei', label: t('imei'), phone: 'left' },
        { key: 'state', label: t('state'), phone: 'right' },
        { key: 'flags', label: t('notes') },
        { key: 'case', label: t('case') },
        { key: 'due', label: t('due'), align: 'end', phone: 'right' },
      ]}
      rows={lines.map((line) => ({
        key: line.id,
        marks: { 'data-objection-number': line.number, 'data-objection-status': line.state },
        cells: {
          number: (
            <Link
              className="num"
              data-row=""
              href={{ pathname: '/admin/objections/[objection]', params: { objection: line.number } }}
            >
              {line.number}
            </Link>
          ),
          imei: <Num value={line.imei} groups={imeiGroups} />,
          state: t(`states.${line.state}`),
          flags:
            line.flags.length === 0 ? null : (
              <span className="inline-flex flex-wrap justify-end gap-1.5 md:justify-start">
                {line.flags.map((flag) => (
                  <Tag key={flag} tone={flag === 'answered' ? 'plain' : 'wait'}>
                    {t(`flag.${flag}`)}
                  </Tag>
                ))}
              </span>
            ),
          case: line.caseNumber ? <span className="num">{line.caseNumber}</span> : null,
          due: (
            <Due
              state={line.state === 'info_requested' ? 'info_requested' : 'under_review'}
              dueAt={line.dueAt}
              withdrawEffectiveAt={null}
              held={null}
              now={now}
            />
          ),
        },
      }))}
    />
  )
}
