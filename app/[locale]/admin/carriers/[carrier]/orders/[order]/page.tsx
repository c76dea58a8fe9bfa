import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Written } from '#components/ui/written.tsx'
import { OrderFacts } from '#features/exchange/orders/order-facts.tsx'
import { OrderLines } from '#features/exchange/orders/order-lines.tsx'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import { failureOf, isAnswerable } from '#features/exchange/orders/rules.ts'
import { carrierOrderDetail } from '#features/exchange/own-orders/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'carrier:attend' satisfies Access

export const generateMetadata = titled('exchange', 'orders.one')

export default async function CarrierOrderPage({
  params,
}: PageProps<'/[locale]/admin/carriers/[carrier]/orders/[order]'>) {
  const staff = await requireStaff(access)
  const { carrier, order: typed } = await params
  const scope = carrierScope(staff)
  const id = z.uuid().safeParse(typed)
  const order = scope && id.success ? await carrierOrderDetail(scope, carrier, id.data) : null
  if (!order) notFoundPage(await getLocale())
  const t = await getTranslations('exchange')
  const late = isAnswerable(order.state) && order.dueAt < new Date()
  return (
    <div className="stack-l">
      <PageHeader
        kicker={t('orders.title')}
        title={`${t(`action.${order.action}`)}: ${t(`reason.${order.reason}`)}`}
      >
        <p className="flex flex-wrap gap-1.5" data-order-state={order.state}>
          <OrderStateTag order={order} />
          {late ? <Tag tone="bad">{t('orders.late')}</Tag> : null}
        </p>
      </PageHeader>
      {order.state === 'failed' ? (
        <Notice tone="bad" title={t('order.failure')}>
          <p>{t(`code.${failureOf(order.failureCode)}`)}</p>
        </Notice>
      ) : null}
      {order.state === 'exempt' ? (
        <Notice tone="info" title={t('exempt.done')}>
          <p className="wrap-anywhere">
            <Written>{order.exemptReason}</Written>
          </p>
        </Notice>
      ) : null}
      {order.retryOfId === null ? null : (
        <Notice tone="info" title={t('order.replaces')}>
          <p>
            <Link
              href={{
                pathname: '/admin/carriers/[carrier]/orders/[order]',
                params: { carrier, order: order.retryOfId },
              }}
            >
              {t('order.see_old')}
            </Link>
          </p>
        </Notice>
      )}
      <OrderFacts order={order} />
      <OrderLines lines={order.entries} />
      <p>
        <Link href={{ pathname: '/admin/carriers/[carrier]/orders', params: { carrier } }}>
          {t('order.back')}
        </Link>
      </p>
    </div>
  )
}
