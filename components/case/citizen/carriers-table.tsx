import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Table } from '#components/ui/table.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { type CarrierLine, isLate } from '#domain/case/standing.ts'
import { REJECTION_CODES } from '#domain/exchange/order.ts'
import type { Instant } from '#domain/time.ts'
import { sayWhen } from './when.ts'

export interface CarriersTableProps {
  readonly carriers: readonly CarrierLine[]
  /** The telecom authority, which deals with what failed. */
  readonly authority: string
  /** The orders are to unblock. */
  readonly lifting: boolean
  readonly now: Instant
}

const TONES: Readonly<Record<CarrierLine['state'], Tone>> = {
  queued: 'plain',
  sent: 'wait',
  acknowledged: 'neutral',
  applied: 'ok',
  lifted: 'ok',
  failed: 'bad',
  exempt: 'plain',
}

const FAILURES = [...REJECTION_CODES, 'not_found'] as const
const failureOf = (code: string | null | undefined) => FAILURES.find((known) => known === code) ?? 'other'

/** What each carrier has done, in a word, with when, and what happens next where something went wrong. */
export async function CarriersTable({ carriers, authority, lifting, now }: CarriersTableProps) {
  const [t, when] = await Promise.all([getTranslations('case.carriers'), sayWhen(now)])

  const stateWords = (line: CarrierLine): string =>
    line.state === 'failed' && lifting ? t('failedLift') : t(line.state)

  const explained = (line: CarrierLine): ReactNode => {
    if (line.state === 'failed') {
      return `${t(`failure.${failureOf(line.failureCode)}`)} ${t('failedNext', { authority })}`
    }
    return line.state === 'exempt' && line.exemptReason
      ? t('exemptReason', { reason: line.exemptReason })
      : null
  }

  const time = (line: CarrierLine): string => {
    if (line.state === 'applied' || line.state === 'lifted' || line.state === 'exempt') return when(line.at)
    return isLate(line, now) ? t('late', { when: when(line.dueAt) }) : t('due', { when: when(line.dueAt) })
  }

  return (
    <Table
      caption={t('title')}
      captionHidden
      columns={[
        { key: 'name', label: t('name') },
        { key: 'state', label: t('state') },
        { key: 'time', label: t('time'), align: 'end' },
      ]}
      rows={carriers.map((line) => ({
        key: line.carrierId,
        marks: { 'data-carrier': line.carrierId, 'data-carrier-state': line.state },
        cells: {
          name: line.name,
          state: (
            <div className="space-y-1">
              <Tag tone={TONES[line.state]}>{stateWords(line)}</Tag>
              <Explanation>{explained(line)}</Explanation>
            </div>
          ),
          time: (
            <span className={isLate(line, now) ? 'font-semibold text-red' : 'text-soft'}>{time(line)}</span>
          ),
        },
      }))}
    />
  )
}

function Explanation({ children }: { readonly children: ReactNode }) {
  return children === null ? null : <p className="max-w-80 text-[0.85rem] text-soft">{children}</p>
}
