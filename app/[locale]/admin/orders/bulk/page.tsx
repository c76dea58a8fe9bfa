import { getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Written } from '#components/ui/written.tsx'
import { reasonOf } from '#features/exchange/exemptions/rules.ts'
import { failureWords } from '#features/exchange/orders/failure-words.tsx'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import { isBulkAct, readChosen } from '#features/exchange/orders/rules.ts'
import { chosenOrders, type OrderRow } from '#features/exchange/relay/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../../may-decide.tsx'
import { ExemptParts, RetryPart } from './parts.tsx'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('exchange.bulk', 'title')

/** Shows the orders that were ticked on the list once more, and does one thing to all of them. */
export default async function BulkPage({ searchParams }: PageProps<'/[locale]/admin/orders/bulk'>) {
  const staff = await requireStaff(access)
  const [t, query] = await Promise.all([getTranslations('exchange.bulk'), searchParams])
  const sent = typeof query.act === 'string' ? query.act : ''
  const act = isBulkAct(sent) ? sent : 'retry'
  const orders = await chosenOrders(staff, readChosen(query.order))
  return (
    <div className="stack-l">
      <PageHeader
        kicker={<Link href="/admin/orders">{(await getTranslations('exchange.orders'))('title')}</Link>}
        title={t(`title_${act}`)}
        lead={t('lead')}
      />
      {orders.length === 0 ? (
        <EmptyState title={t('none')}>
          <p>{t('none_text')}</p>
        </EmptyState>
      ) : (
        <>
          <MayDecide>
            {act === 'retry' && may(staff.role, 'order:retry') ? <RetryPart orders={orders} /> : null}
            {act === 'exempt' && may(staff.role, 'order:exempt') ? (
              <ExemptParts orders={orders} viewerId={staff.id} />
            ) : null}
          </MayDecide>
          <Chosen orders={orders} />
        </>
      )}
    </div>
  )
}

async function Chosen({ orders }: { readonly orders: readonly OrderRow[] }) {
  const [t, words, failed] = await Promise.all([
    getTranslations('exchange.orders'),
    getTranslations('exchange'),
    failureWords(),
  ])
  return (
    <section className="stack" aria-labelledby="chosen">
      <h2 id="chosen">{words('bulk.chosen')}</h2>
      <div data-rows="">
        <Table
          caption={words('bulk.chosen')}
          captionHidden
          columns={[
            {
              head: t('case'),
              cell: (order) => (
                <Link href={{ pathname: '/admin/orders/[order]', params: { order: order.id } }} data-row="">
                  <span className="num">{order.case.number}</span>
                </Link>
              ),
            },
            { head: t('carrier'), phone: 'right', cell: (order) => order.carrier.name },
            {
              head: t('action'),
              phone: 'left',
              cell: (order) => `${words(`action.${order.action}`)}: ${words(`reason.${order.reason}`)}`,
            },
            { head: t('state'), phone: 'right', cell: (order) => <OrderStateTag order={order} /> },
            {
              head: words('bulk.why'),
              cell: (order) => (order.state === 'failed' ? failed(order.failureCode) : null),
            },
            {
              head: words('bulk.reason'),
              cell: (order) => order.exemption && <Written>{reasonOf(order.exemption)}</Written>,
            },
          ]}
          rows={orders}
          keyOf={(order) => order.id}
          marks={(order) => ({ 'data-order': order.id, 'data-order-state': order.state })}
        />
      </div>
    </section>
  )
}
