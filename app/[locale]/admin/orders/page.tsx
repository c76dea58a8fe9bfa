import { getLocale, getTranslations } from 'next-intl/server'
import { TickAll, Ticked } from '#components/form/tick-all.tsx'
import { KeyBar } from '#components/layout/key-bar.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { OrderSearchBox, OrderTabs, SearchNote } from '#features/exchange/order-lists/order-search.tsx'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import {
  isOrderGroup,
  isOrderList,
  isOrderOpen,
  ORDER_LISTS,
  readOrderCursor,
  readOrderSearch,
} from '#features/exchange/orders/rules.ts'
import { type OrderRow, orderList, ordersPage } from '#features/exchange/relay/data.ts'
import { openForSession } from '#http/sealed.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { OrderDue } from './order-due.tsx'
import { findOrdersAction } from './search-actions.ts'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('exchange', 'orders.title')

const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value

export default async function OrdersPage({ searchParams }: PageProps<'/[locale]/admin/orders'>) {
  const staff = await requireStaff(access)
  const [t, query, carriers] = await Promise.all([getTranslations('exchange'), searchParams, carrierNames()])
  const view = one(query.view) ?? ''
  const group = isOrderGroup(view) ? view : null
  const carrierId = carriers.find(({ id }) => id === one(query.carrier))?.id ?? null
  const after = readOrderCursor(one(query.after))
  const found = one(query.found)
  const typed = found === undefined ? '' : ((await openForSession<string>('order-search', found)) ?? '')
  const search = readOrderSearch(typed, true)
  // A search covers all orders, so no list of waiting ones is selected.
  const list = isOrderList(view) && search === null ? view : null
  const { orders, counts, more, next } = await (list === null
    ? ordersPage(staff, { group, carrierId, after, search })
    : orderList(staff, list, carrierId, new Date()))

  const route = (change: { view?: string | undefined; carrier?: string | undefined; after?: string }) => ({
    pathname: '/admin/orders' as const,
    query: {
      found: typed === '' ? undefined : found,
      view: group ?? list ?? undefined,
      carrier: carrierId ?? undefined,
      ...change,
    },
  })
  return (
    <div className="list-page">
      <div className="list-head">
        <h1>{t('orders.title')}</h1>
        <p className="flex flex-wrap gap-x-5">
          <Link href="/admin/orders/releases">{t('orders.releases')}</Link>
          <Link href="/admin/orders/letters">{t('orders.letters')}</Link>
        </p>
        <div className="list-end">
          <OrderSearchBox action={findOrdersAction} typed={typed} of="relay" carrierId={carrierId} />
        </div>
      </div>
      <div>
        <OrderTabs
          counts={counts}
          current={group ?? list}
          lists={search === null ? ORDER_LISTS : []}
          route={(to) => route({ view: to ?? undefined })}
        />
        <Tabs
          label={t('orders.carriers')}
          tabs={[{ id: null, name: t('orders.all_carriers') }, ...carriers].map(({ id, name }) => ({
            key: id ?? 'all',
            href: route({ carrier: id ?? undefined }),
            label: name,
            current: id === carrierId,
          }))}
        />
      </div>
      {list === null || !more ? null : <p role="status">{t('list.more')}</p>}
      <SearchNote
        typed={typed}
        unreadable={search?.by === 'nothing'}
        more={list === null && more}
        of="relay"
      />
      {orders.length === 0 ? (
        <EmptyState title={t(search ? 'search.none' : 'orders.none')}>
          <p>{t(search ? 'search.none_text' : list ? `list.${list}_none` : 'orders.none_text')}</p>
        </EmptyState>
      ) : (
        <OrderTable
          orders={orders}
          mayAct={may(staff.role, 'order:retry') && !isInWaitingPeriod(staff, new Date())}
        />
      )}
      <Pagination
        {...(after && { previous: route({}) })}
        {...(next !== null && { next: route({ after: next }) })}
      />
    </div>
  )
}

async function OrderTable({
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
                      className="size-5 accent-teal"
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
