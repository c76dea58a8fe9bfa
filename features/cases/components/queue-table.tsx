import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import type { Instant } from '#lib/time.ts'
import { holdWaitsUntil, isHoldAsked } from '../rules/moves.ts'
import type { CounterclaimStatus } from '../rules/snapshot.ts'
import type { CaseHold, CaseState } from '../rules/state.ts'
import { turnOf } from '../rules/turn.ts'
import { Due } from './due.tsx'

export interface QueueLine {
  readonly id: string
  readonly number: string
  readonly state: CaseState
  readonly held: CaseHold | null
  readonly brand: string
  readonly model: string
  readonly tacMismatch: boolean
  readonly imeiUnknown: boolean
  readonly lookup: 'answered' | 'late' | null
  readonly counterclaim: CounterclaimStatus | null
  readonly holdAskedById: string | null
  readonly holdConfirmedById: string | null
  readonly holdDueAt: Instant | null
  readonly holdUntil: Instant | null
  readonly objectedAt: Instant | null
  readonly earlierId: string | null
  readonly withdrawEffectiveAt: Instant | null
  readonly dueAt: Instant
  readonly assigneeName: string | null
  /** The district's name, where the reader sees several. */
  readonly area: string | null
}

/** Renders the police's work as a table: rows on a desk, cards on a phone. */
export async function QueueTable({
  lines,
  now,
}: {
  readonly lines: readonly QueueLine[]
  readonly now: Instant
}) {
  const t = await getTranslations('case-staff')
  const areas = lines.some((line) => line.area !== null)
  return (
    <Table
      caption={t('queue.title')}
      captionHidden
      columns={[
        { key: 'number', label: t('queue.number') },
        { key: 'device', label: t('queue.device'), phone: 'left' as const },
        { key: 'state', label: t('queue.state'), phone: 'right' as const },
        { key: 'flags', label: t('queue.flags') },
        ...(areas ? [{ key: 'area', label: t('queue.area') }] : []),
        { key: 'who', label: t('queue.who') },
        { key: 'due', label: t('queue.due'), align: 'end' as const, phone: 'right' as const },
      ]}
      rows={lines.map((line) => ({
        key: line.id,
        marks: { 'data-case-number': line.number, 'data-case-status': line.state },
        cells: {
          number: (
            <Link
              className="num"
              href={{ pathname: '/admin/cases/[number]', params: { number: line.number } }}
            >
              {line.number}
            </Link>
          ),
          device: `${line.brand} ${line.model}`.trim() || '–',
          state: t(`state.${line.state}`),
          flags: flagsOf(line).length > 0 ? <Flags line={line} /> : null,
          area: line.area,
          who: <Who line={line} />,
          due: (
            <Due
              state={line.state}
              dueAt={line.dueAt}
              holdWaitsUntil={holdWaitsUntil(line)}
              withdrawEffectiveAt={line.withdrawEffectiveAt}
              held={line.held}
              now={now}
            />
          ),
        },
      }))}
    />
  )
}

/** Shows whose turn it is, and which officer has the case: not the same once it waits for a second person. */
async function Who({ line }: { readonly line: QueueLine }) {
  const t = await getTranslations('case-staff')
  const turn = turnOf(line)
  if (turn === null) return line.assigneeName ?? '–'
  return (
    <span>
      {t(`turn.${turn}`)}
      {line.assigneeName ? (
        <span className="block text-sm text-soft">{t('page.officer', { name: line.assigneeName })}</span>
      ) : null}
    </span>
  )
}

type Flag =
  | 'hold_asked'
  | 'hold'
  | 'objection'
  | 'conflict'
  | 'shared_imei'
  | 'counterclaim'
  | 'tac'
  | 'imei_unknown'
  | 'lookup_answered'
  | 'lookup_late'
  | 'earlier'

const flagsOf = (line: QueueLine): Flag[] => [
  ...(isHoldAsked(line) ? (['hold_asked'] as const) : []),
  ...(line.holdUntil ? (['hold'] as const) : []),
  ...(line.objectedAt ? (['objection'] as const) : []),
  ...(line.held ? [line.held] : []),
  ...(line.counterclaim === 'pending' && !line.held ? (['counterclaim'] as const) : []),
  ...(line.imeiUnknown ? (['imei_unknown'] as const) : []),
  ...(line.imeiUnknown && line.lookup ? [`lookup_${line.lookup}` as const] : []),
  ...(line.tacMismatch ? (['tac'] as const) : []),
  ...(line.earlierId ? (['earlier'] as const) : []),
]

async function Flags({ line }: { readonly line: QueueLine }) {
  const t = await getTranslations('case-staff.flag')
  return (
    <span className="inline-flex flex-wrap justify-end gap-1.5 md:justify-start">
      {flagsOf(line).map((flag) => (
        <Tag key={flag} tone={flag === 'earlier' ? 'plain' : 'bad'}>
          {t(flag)}
        </Tag>
      ))}
    </span>
  )
}
