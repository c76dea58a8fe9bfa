import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ApprovalCard } from '#app/[locale]/admin/approvals/approval-card.tsx'
import { StepUpField } from '#app/[locale]/admin/step-up-field.tsx'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Written } from '#components/ui/written.tsx'
import { failureWords } from '#features/exchange/orders/failure-words.tsx'
import { OrderFacts } from '#features/exchange/orders/order-facts.tsx'
import { type OrderLine, OrderLines } from '#features/exchange/orders/order-lines.tsx'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import { isAnswerable, isOrderOpen } from '#features/exchange/orders/rules.ts'
import { type OrderDetail, orderDetail } from '#features/exchange/relay/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../../may-decide.tsx'
import { askExemptionAction, retryAction } from './actions.ts'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('exchange', 'orders.one')

export default async function OrderPage({ params }: PageProps<'/[locale]/admin/orders/[order]'>) {
  const staff = await requireStaff(access)
  const id = z.uuid().safeParse((await params).order)
  const order = id.success ? await orderDetail(staff, id.data) : null
  if (!order) notFoundPage(await getLocale())
  const t = await getTranslations('exchange')
  const action = t(`action.${order.action}`)
  return (
    <div className="stack-l">
      <PageHeader
        kicker={t('order.kicker', { number: order.case.number })}
        title={t('order.title', { action, carrier: order.carrier.name })}
      >
        <p className="flex flex-wrap gap-1.5" data-order-state={order.state}>
          <OrderStateTag order={order} />
          {(order.paper ? isOrderOpen(order.state) : isAnswerable(order.state)) &&
          order.dueAt < new Date() ? (
            <Tag tone="bad">{t('orders.late')}</Tag>
          ) : null}
        </p>
      </PageHeader>
      <Standing order={order} />
      <MayDecide>
        {order.state === 'failed' && may(staff.role, 'order:retry') ? <Retry orderId={order.id} /> : null}
        {isOrderOpen(order.state) && may(staff.role, 'order:exempt') ? (
          <ExemptPart staff={staff} order={order} />
        ) : null}
      </MayDecide>
      <OrderFacts order={order} opensLetters />
      <OrderLines lines={linesOf(order)} />
      <p>
        <Link href="/admin/orders">{t('order.back')}</Link>
      </p>
    </div>
  )
}

/** Shows the most important facts: why it failed, why it is exempt, which order goes before or after. */
async function Standing({ order }: { readonly order: OrderDetail }) {
  const [t, failed] = await Promise.all([getTranslations('exchange'), failureWords()])
  const link = (id: string, words: string) => (
    <Link href={{ pathname: '/admin/orders/[order]', params: { order: id } }}>{words}</Link>
  )
  return (
    <>
      {order.state === 'failed' ? (
        <Notice tone="bad" title={t('order.failure')}>
          <p>{failed(order.failureCode)}</p>
        </Notice>
      ) : null}
      {order.state === 'exempt' ? (
        <Notice tone="info" title={t('exempt.done')}>
          <p className="wrap-anywhere">
            <Written>{order.exemptReason}</Written>
          </p>
        </Notice>
      ) : null}
      {order.releaseId === null ? null : (
        <Notice tone={order.queued ? 'wait' : 'info'} title={t(`order.release_${releaseStateOf(order)}`)}>
          <p>
            <Link
              href={{ pathname: '/admin/orders/releases/[release]', params: { release: order.releaseId } }}
            >
              {t('order.see_release')}
            </Link>
          </p>
        </Notice>
      )}
      {order.retriedById === null ? null : (
        <Notice tone="info" title={t('order.replaced')}>
          <p>{link(order.retriedById, t('order.see_new'))}</p>
        </Notice>
      )}
      {order.retryOfId === null ? null : (
        <Notice tone="info" title={t('order.replaces')}>
          <p>{link(order.retryOfId, t('order.see_old'))}</p>
        </Notice>
      )}
    </>
  )
}

/** Returns an order's lines in its carrier's book; if it is not in the book yet, its future lines. */
const linesOf = (order: OrderDetail): readonly OrderLine[] =>
  order.queued
    ? order.queued.imeis.map((imei) => ({
        imei,
        seq: null,
        outcome: null,
        outcomeCode: null,
        outcomeAt: null,
      }))
    : order.entries

const releaseStateOf = ({ queued, state }: OrderDetail) =>
  queued ? 'queued' : state === 'cancelled' ? state : 'sent'

async function Retry({ orderId }: { readonly orderId: string }) {
  const t = await getTranslations('exchange.retry')
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <ActionForm action={retryAction} scope="retry" className="stack">
        <HiddenField name="orderId" value={orderId} />
        <SubmitButton>{t('button')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

async function ExemptPart({ staff, order }: { readonly staff: StaffActor; readonly order: OrderDetail }) {
  const t = await getTranslations('exchange.exempt')
  if (order.exemption === null) {
    return (
      <Card>
        <h2>{t('title')}</h2>
        <p>{t('text')}</p>
        <AskForm order={order} />
      </Card>
    )
  }
  return (
    <>
      <ApprovalCard staff={staff} request={order.exemption} />
      <Details summary={t('change')}>
        <AskForm order={order} />
      </Details>
    </>
  )
}

async function AskForm({ order }: { readonly order: OrderDetail }) {
  const t = await getTranslations('exchange.exempt')
  return (
    <ActionForm action={askExemptionAction} scope="exempt" className="stack">
      <HiddenField name="orderId" value={order.id} />
      <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} rows={3} />
      <StepUpField />
      <SubmitButton look="quiet">{t('ask')}</SubmitButton>
    </ActionForm>
  )
}
