import { getTranslations } from 'next-intl/server'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import type { OrderAction, OrderReason } from '#domain/exchange/order.ts'
import type { Instant } from '#domain/time.ts'

export interface OrderFactsProps {
  readonly order: {
    readonly id: string
    readonly action: OrderAction
    readonly reason: OrderReason
    readonly legalBasis: string
    readonly issuedAt: Instant
    readonly dueAt: Instant
    readonly acknowledgedAt: Instant | null
    readonly settledAt: Instant | null
  }
}

/** What an order says, and its clocks. */
export async function OrderFacts({ order }: OrderFactsProps) {
  const t = await getTranslations('exchange')
  return (
    <Card>
      <h2>{t('order.facts')}</h2>
      <SummaryList
        rows={[
          { key: 'id', term: t('order.id'), value: <span className="num">{order.id}</span> },
          { key: 'action', term: t('order.action'), value: t(`action.${order.action}`) },
          { key: 'reason', term: t('order.reason'), value: t(`reason.${order.reason}`) },
          { key: 'legal', term: t('order.legal_basis'), value: order.legalBasis },
          { key: 'issued', term: t('order.issued'), value: <Time at={order.issuedAt} /> },
          { key: 'due', term: t('order.due'), value: <Time at={order.dueAt} /> },
          ...(order.acknowledgedAt
            ? [{ key: 'received', term: t('order.received'), value: <Time at={order.acknowledgedAt} /> }]
            : []),
          ...(order.settledAt
            ? [{ key: 'settled', term: t('order.settled'), value: <Time at={order.settledAt} /> }]
            : []),
        ]}
      />
    </Card>
  )
}
