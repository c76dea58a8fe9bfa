import { getLocale, getTranslations } from 'next-intl/server'
import { Figures } from '#components/ui/figures.tsx'
import { Imei } from '#components/ui/num.tsx'
import { Table } from '#components/ui/table.tsx'
import { OrderStateTag } from '../orders/order-state.tsx'
import { failureOf, type OrderAction } from '../orders/rules.ts'
import type { DrillReport } from './data.ts'
import { drillFigures } from './rules.ts'

export async function DrillOrders({
  action,
  orders,
}: {
  readonly action: OrderAction
  readonly orders: DrillReport['orders']
}) {
  const [t, exchange, after] = await Promise.all([
    getTranslations('drills'),
    getTranslations('exchange'),
    secondsWords(),
  ])
  const { medianReceived, medianApplied, slowestApplied, ...counts } = drillFigures(orders)
  const times = { medianReceived, medianApplied, slowestApplied }
  const took = (from: Date, to: Date | null) => to && after(to.getTime() - from.getTime())
  return (
    <section className="stack" aria-labelledby={action}>
      <h2 id={action}>{exchange(`action.${action}`)}</h2>
      <Figures
        items={[
          ...(['received', 'applied', 'refused', 'unanswered'] as const).map((key) => ({
            key,
            value: `${counts[key]}/${counts.orders}`,
            label: t(`figure.${key}`),
            ...(key === 'refused' && counts.refused > 0 && { tone: 'bad' as const }),
          })),
          ...(['medianReceived', 'medianApplied', 'slowestApplied'] as const).flatMap((key) => {
            const time = times[key]
            return time === null ? [] : [{ key, value: after(time), label: t(`figure.${key}`) }]
          }),
        ]}
      />
      <Table
        caption={t('orders_of', { action: exchange(`action.${action}`) })}
        captionHidden
        columns={[
          {
            head: t('imei'),
            cell: (order) => (
              <span className="block">
                {order.entries.map(({ imei }) => (
                  <span key={imei} className="block">
                    <Imei value={imei} />
                  </span>
                ))}
              </span>
            ),
          },
          {
            head: t('seq'),
            cell: (order) => (
              <span className="num">{order.entries.map(({ seq }) => String(seq)).join(', ')}</span>
            ),
          },
          {
            head: t('order_state'),
            cell: (order) => (
              <span className="block">
                <OrderStateTag order={{ action, state: order.state }} />
                {order.state === 'failed' ? (
                  <span className="block text-sm text-soft">
                    {exchange(`code.${failureOf(order.failureCode)}`)}
                  </span>
                ) : null}
              </span>
            ),
          },
          { head: t('received_after'), cell: (order) => took(order.issuedAt, order.acknowledgedAt) },
          {
            head: t('applied_after'),
            cell: (order) => (order.state === 'applied' ? took(order.issuedAt, order.settledAt) : null),
          },
        ]}
        rows={orders}
        keyOf={(order) => order.id}
        marks={(order) => ({ 'data-order': order.id, 'data-order-state': order.state })}
      />
    </section>
  )
}

/** Formats a duration: below two minutes in seconds with a decimal, else in minutes. */
async function secondsWords(): Promise<(milliseconds: number) => string> {
  const [locale, t] = await Promise.all([getLocale(), getTranslations('drills')])
  const decimal = new Intl.NumberFormat(locale === 'vi' ? 'vi-VN' : 'en-GB', { maximumFractionDigits: 1 })
  return (milliseconds) =>
    milliseconds < 120_000
      ? t('seconds', { count: decimal.format(milliseconds / 1000) })
      : t('minutes', { count: Math.round(milliseconds / 60_000) })
}
