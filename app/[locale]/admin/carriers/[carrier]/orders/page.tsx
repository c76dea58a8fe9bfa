import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { OrderSearchBox, OrderTabs, SearchNote } from '#features/exchange/order-lists/order-search.tsx'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import { isOrderGroup, readOrderCursor, readOrderSearch } from '#features/exchange/orders/rules.ts'
import { type CarrierOrderRow, carrierOrdersPage } from '#features/exchange/own-orders/data.ts'
import { carrierStanding, relayCarrierName } from '#features/exchange/relay/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { openForSession } from '#http/sealed.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { OrderDue } from '../../../orders/order-due.tsx'
import { CarrierHeader } from '../carrier-header.tsx'
import { findOwnOrdersAction } from './actions.ts'

export const access = 'carrier:attend' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/carriers/[carrier]/orders'>): Promise<Metadata> {
  const [{ carrier }, t] = await Promise.all([params, getTranslations('exchange')])
  return { title: `${t('orders.title')} – ${await relayCarrierName(carrier)}` }
}

const textOf = (value: string | string[] | undefined): string => (typeof value === 'string' ? value : '')

export default async function CarrierOrdersPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/carriers/[carrier]/orders'>) {
  const staff = await requireStaff(access)
  const [{ carrier: id }, query, t] = await Promise.all([params, searchParams, getTranslations('exchange')])
  const scope = carrierScope(staff)
  const carrier = scope && (await carrierStanding(scope, id, new Date()))
  if (!carrier) notFoundPage(await getLocale())
  const view = textOf(query.view)
  const group = isOrderGroup(view) ? view : null
  const after = readOrderCursor(textOf(query.after))
  const found = textOf(query.found)
  const typed = found === '' ? '' : ((await openForSession<string>('order-search', found)) ?? '')
  // Only by IMEI and order id: a carrier learns nothing of cases.
  const search = readOrderSearch(typed, false)
  const { orders, counts, next } = await carrierOrdersPage(scope, id, { group, after, search })
  const route = (change: { view?: string | undefined; after?: string } = {}) => ({
    pathname: '/admin/carriers/[carrier]/orders' as const,
    params: { carrier: id },
    query: { found: typed === '' ? undefined : found, view: group ?? undefined, ...change },
  })
  return (
    <div className="stack-l">
      <CarrierHeader carrier={carrier} current="orders" />
      <OrderSearchBox action={findOwnOrdersAction} typed={typed} of="carrier" carrierId={id} />
      <OrderTabs counts={counts} current={group} route={(view) => route({ view: view ?? undefined })} />
      <SearchNote typed={typed} unreadable={search?.by === 'nothing'} more={false} of="carrier" />
      {orders.length === 0 ? (
        <EmptyState title={t(search ? 'search.none' : 'orders.none')}>
          <p>{t(search ? 'search.none_carrier' : 'orders.none_text')}</p>
        </EmptyState>
      ) : (
        <div data-rows="">
          <Table
            caption={t('orders.list')}
            captionHidden
            columns={[
              { head: t('carrier.order.order'), cell: (order) => <Order carrierId={id} order={order} /> },
              { head: t('carrier.order.state'), cell: (order) => <OrderStateTag order={order} /> },
              { head: t('carrier.order.issued'), cell: (order) => <Time at={order.issuedAt} form="stamp" /> },
              {
                head: t('carrier.order.received'),
                cell: (order) => order.acknowledgedAt && <Time at={order.acknowledgedAt} form="stamp" />,
              },
              { head: t('carrier.order.due'), cell: (order) => <OrderDue order={order} /> },
            ]}
            rows={orders}
            keyOf={(order) => order.id}
            marks={(order) => ({ 'data-order': order.id, 'data-order-state': order.state })}
          />
        </div>
      )}
      <Pagination
        {...(after && { previous: route() })}
        {...(next !== null && { next: route({ after: next }) })}
      />
    </div>
  )
}

async function Order({ carrierId, order }: { readonly carrierId: string; readonly order: CarrierOrderRow }) {
  const t = await getTranslations('exchange')
  const params = { carrier: carrierId, order: order.id }
  const seqs = order.entries.map(({ seq }) => String(seq)).join(', ')
  return (
    <>
      <Link href={{ pathname: '/admin/carriers/[carrier]/orders/[order]', params }} data-row="">
        {t(`action.${order.action}`)}: {t(`reason.${order.reason}`)}
      </Link>
      <span className="block text-sm text-soft">{t('carrier.order.lines', { seqs })}</span>
    </>
  )
}
