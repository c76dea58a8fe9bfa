import { getLocale, getTranslations } from 'next-intl/server'
import { TickAll, Ticked } from '#components/form/tick-all.tsx'
import { KeyBar } from '#components/layout/key-bar.tsx'
import { Button } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import { isOrderOpen } from '#features/exchange/orders/rules.ts'
import type { OrderRow } from '#features/exchange/relay/data.ts'
import { pathFor } from '#messages/paths.ts'
import { OrderDue } from './order-due.tsx'

/** Renders the relay's list; who may act on orders ticks them, and does one thing to all on the next page. */
export async function OrderTable({
  orders,
  mayAct,
}: {
  readonly orders: readonly OrderRow[]
  readonly mayAct: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('exchange'), getLocale()])
  const ticks = mayAct && orders.some(({ state }) => isOrderOpen(state))
  const failed = orders.filter(({ state }) => state === 'failed')
  const table = <Rows orders={orders} ticks={ticks} />
  const keys = [
    { keys: ['J', 'K'], label: t('keys.rows') },
    { keys: ['Enter'], label: t('keys.open') },
    ...(ticks ? [{ keys: ['X'], label: t('keys.tick') }] : []),
    { keys: ['/'], label: t('search.find') },
  ]
  if (!ticks)
    return (
      <>
        {table}
        <KeyBar keys={keys} />
      </>
    )
  const action = pathFor(locale, '/admin/orders/bulk')
  return (
    <>
      <form action={action} method="get" className="ticks stack" id="orders">
        {table}
        <p className="actions ticks-acts">
          <span className="text-soft">
            <Ticked
              name="order"
              words={{ none: t('bulk.on_list'), some: t('bulk.ticked', { count: '{count}', all: '{all}' }) }}
            />
          </span>
          <Button name="act" value="retry" look="quiet" size="small">
            {t('bulk.retry_ticked')}
          </Button>
          <Button name="act" value="exempt" look="quiet" size="small">
            {t('bulk.exempt_ticked')}
          </Button>
        </p>
      </form>
      {failed.length > 1 ? (
        <form action={action} method="get">
          <input type="hidden" name="act" value="retry" />
          {failed.map(({ id }) => (
            <input key={id} type="hidden" name="order" value={id} />
          ))}
          <Button look="quiet" size="small" data-retry-all={failed.length}>
            {t('bulk.retry_all')}
          </Button>
        </form>
      ) : null}
      <KeyBar keys={keys} />
    </>
  )
}

async function Rows({ orders, ticks }: { readonly orders: readonly OrderRow[]; readonly ticks: boolean }) {
  const t = await getTranslations('exchange')
  return (
    <div data-rows="">
      <Table
        caption={t('orders.list')}
        captionHidden
        columns={[
          {
            head: t('orders.case'),
            ...(ticks && { beside: <TickAll name="order" words={t('bulk.tick_all')} /> }),
            cell: (order) => (
              <span className="flex items-center gap-1 md:gap-2">
                {ticks && isOrderOpen(order.state) ? (
                  <label className="inline-flex min-h-11 min-w-6 items-center md:min-w-8">
                    <input
                      type="checkbox"
                      className="size-5 accent-current"
                      name="order"
                      value={order.id}
                      aria-label={t('bulk.tick', { number: order.case.number, carrier: order.carrier.name })}
                    />
                  </label>
                ) : ticks ? (
                  <span className="min-w-8 max-md:hidden" />
                ) : null}
                <Link href={{ pathname: '/admin/orders/[order]', params: { order: order.id } }} data-row="">
                  <span className="num">{order.case.number}</span>
                </Link>
              </span>
            ),
          },
          { head: t('orders.carrier'), phone: 'right', cell: (order) => order.carrier.name },
          {
            head: t('orders.action'),
            phone: 'left',
            cell: (order) => `${t(`action.${order.action}`)}: ${t(`reason.${order.reason}`)}`,
          },
          { head: t('orders.state'), phone: 'right', cell: (order) => <State order={order} /> },
          { head: t('orders.due'), cell: (order) => <OrderDue order={order} /> },
        ]}
        rows={orders}
        keyOf={(order) => order.id}
        marks={(order) => ({
          'data-order': order.id,
          'data-carrier': order.carrier.id,
          'data-order-state': order.state,
        })}
      />
    </div>
  )
}

async function State({ order }: { readonly order: OrderRow }) {
  const t = await getTranslations('exchange.orders')
  const open = isOrderOpen(order.state)
  return (
    <span className="flex flex-wrap gap-1.5">
      <OrderStateTag order={order} />
      {open && order.exemption !== null ? <Tag tone="wait">{t('asked')}</Tag> : null}
    </span>
  )
}
