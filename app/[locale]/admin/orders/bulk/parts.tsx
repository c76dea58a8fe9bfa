import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { BulkResults } from '#features/exchange/orders/bulk-results.tsx'
import { isOrderOpen } from '#features/exchange/orders/rules.ts'
import type { OrderRow } from '#features/exchange/relay/data.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { askExemptionsAction, confirmExemptionsAction, retryOrdersAction } from './actions.ts'

interface Chosen {
  readonly orders: readonly OrderRow[]
}

// The forms stay when nothing is left to do: they show what became of each order.

export async function RetryPart({ orders }: Chosen) {
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

/** Asks to exempt the open ones of the chosen orders, and confirms exemptions that a colleague has asked for. */
export async function ExemptParts({ orders, viewerId }: Chosen & { readonly viewerId: string }) {
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

async function Ask({ orders }: Chosen) {
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

const Ids = ({ orders }: Chosen) => orders.map(({ id }) => <HiddenField key={id} name="order" value={id} />)

async function LeftOut({ count }: { readonly count: number }) {
  if (count === 0) return null
  return <p className="text-soft">{(await getTranslations('exchange.bulk'))('left_out', { count })}</p>
}

async function Results() {
  const t = await getTranslations('exchange.bulk')
  return <BulkResults title={t('results')} seeNew={t('see_new')} />
}
