import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Written } from '#components/ui/written.tsx'
import { reasonOf } from '#features/exchange/exemptions/rules.ts'
import { BulkResults } from '#features/exchange/orders/bulk-results.tsx'
import { failureWords } from '#features/exchange/orders/failure-words.tsx'
import { OrderStateTag } from '#features/exchange/orders/order-state.tsx'
import { isBulkAct, isOrderOpen, readChosen } from '#features/exchange/orders/rules.ts'
import { chosenOrders, type OrderRow } from '#features/exchange/relay/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../../may-decide.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { askExemptionsAction, confirmExemptionsAction, retryOrdersAction } from './actions.ts'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('exchange.bulk', 'title')

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

interface Orders {
  readonly orders: readonly OrderRow[]
}

async function Chosen({ orders }: Orders) {
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

// The forms stay when nothing is left to do: they show each order's result.

async function RetryPart({ orders }: Orders) {
  const t = await getTranslations('exchange.bulk')
  const failed = orders.filter(({ state }) => state === 'failed')
  return (
    <Card>
      <ActionForm action={retryOrdersAction} scope="retry" className="stack">
        <Results />
        {failed.length === 0 ? (
          <p>{t('retry_none')}</p>
        ) : (
          <>
            <p>{t('retry_text')}</p>
            <LeftOut count={orders.length - failed.length} />
            <Ids orders={failed} />
            <p className="actions">
              <SubmitButton>{t('retry', { count: failed.length })}</SubmitButton>
            </p>
          </>
        )}
      </ActionForm>
    </Card>
  )
}

/** Asks to exempt those of the chosen orders that are open, and confirms exemptions that a colleague asked for. */
async function ExemptParts({ orders, viewerId }: Orders & { readonly viewerId: string }) {
  const t = await getTranslations('exchange.bulk')
  const open = orders.filter(({ state }) => isOrderOpen(state))
  const theirs = open.filter(({ exemption }) => exemption !== null && exemption.askedById !== viewerId)
  const mine = open.filter(({ exemption }) => exemption?.askedById === viewerId)
  const unasked = open.filter(({ exemption }) => exemption === null)
  return (
    <>
      {open.length === 0 ? <p>{t('exempt_none')}</p> : null}
      <LeftOut count={orders.length - open.length} />
      {mine.length === 0 ? null : <p>{t('own_waits', { count: mine.length })}</p>}
      <Card>
        <h2>{t('confirm_title')}</h2>
        <ActionForm action={confirmExemptionsAction} scope="confirm" className="stack">
          <Results />
          {theirs.length === 0 ? (
            <p>{t('confirm_none')}</p>
          ) : (
            <>
              <p>{t('confirm_text')}</p>
              {theirs.map(({ id, exemption }) => (
                <HiddenField key={id} name="read" value={`${id} ${exemption?.id} ${exemption?.digest}`} />
              ))}
              <StepUpField />
              <p className="actions">
                <SubmitButton>{t('confirm', { count: theirs.length })}</SubmitButton>
              </p>
            </>
          )}
        </ActionForm>
      </Card>
      <Card>
        <h2>{t('ask_title')}</h2>
        <ActionForm action={askExemptionsAction} scope="ask" className="stack">
          <Results />
          {unasked.length === 0 ? <p>{t('ask_none')}</p> : <Ask orders={unasked} />}
        </ActionForm>
      </Card>
    </>
  )
}

async function Ask({ orders }: Orders) {
  const [t, one] = await Promise.all([getTranslations('exchange.bulk'), getTranslations('exchange.exempt')])
  return (
    <>
      <p>{t('ask_text')}</p>
      <Ids orders={orders} />
      <TextArea name="reason" label={one('reason')} hint={one('reason_hint')} rows={3} />
      <StepUpField />
      <p className="actions">
        <SubmitButton look="quiet">{t('ask', { count: orders.length })}</SubmitButton>
      </p>
    </>
  )
}

const Ids = ({ orders }: Orders) => orders.map(({ id }) => <HiddenField key={id} name="order" value={id} />)

async function LeftOut({ count }: { readonly count: number }) {
  if (count === 0) return null
  return <p className="text-soft">{(await getTranslations('exchange.bulk'))('left_out', { count })}</p>
}

async function Results() {
  const t = await getTranslations('exchange.bulk')
  return <BulkResults title={t('results')} seeNew={t('see_new')} />
}
