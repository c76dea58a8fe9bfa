import { getTranslations } from 'next-intl/server'
import { Table } from '#components/ui/table.tsx'
import { Tag, type Tone } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import type { CarrierState } from '#domain/exchange/order.ts'
import type { Instant } from '#domain/time.ts'

export interface CarrierLine {
  readonly carrierId: string
  readonly name: string
  readonly state: CarrierState
  readonly at: Instant
  readonly dueAt: Instant
  readonly failureCode?: string | null
  readonly exemptReason?: string
}

const TONES: Readonly<Record<CarrierState, Tone>> = {
  queued: 'wait',
  sent: 'wait',
  acknowledged: 'neutral',
  applied: 'ok',
  lifted: 'ok',
  failed: 'bad',
  exempt: 'plain',
}

const OPEN: readonly CarrierState[] = ['queued', 'sent', 'acknowledged']

/** What each carrier has done, for police. */
export async function CarrierTable({ carriers }: { readonly carriers: readonly CarrierLine[] }) {
  const t = await getTranslations('case-staff.carriers')
  return (
    <Table
      caption={t('title')}
      captionHidden
      columns={[
        { key: 'name', label: t('name') },
        { key: 'state', label: t('state') },
        { key: 'at', label: t('at'), align: 'end' },
      ]}
      rows={carriers.map((one) => ({
        key: one.carrierId,
        marks: { 'data-carrier': one.carrierId, 'data-carrier-state': one.state },
        cells: {
          name: one.name,
          state: (
            <span className="inline-flex flex-wrap items-center gap-1.5">
              <Tag tone={TONES[one.state]}>{t(one.state)}</Tag>
              {one.failureCode ? <span className="text-soft">{one.failureCode}</span> : null}
              {one.exemptReason ? <span className="text-soft">{one.exemptReason}</span> : null}
            </span>
          ),
          at: OPEN.includes(one.state) ? (
            <>
              {t('due')} <Time at={one.dueAt} form="moment" />
            </>
          ) : (
            <Time at={one.at} form="moment" />
          ),
        },
      }))}
    />
  )
}
