import { getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { isInWaitingPeriod } from '#features/accounts/rules.ts'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { OrderSearchBox, OrderTabs, SearchNote } from '#features/exchange/order-lists/order-search.tsx'
import {
  isOrderGroup,
  isOrderList,
  ORDER_LISTS,
  readOrderCursor,
  readOrderSearch,
} from '#features/exchange/orders/rules.ts'
import { orderList, ordersPage } from '#features/exchange/relay/data.ts'
import { openForSession } from '#http/sealed.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { OrderTable } from './order-table.tsx'
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
