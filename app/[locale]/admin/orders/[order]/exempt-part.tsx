import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Written } from '#components/ui/written.tsx'
import type { OrderDetail } from '#features/exchange/queries/relay.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { askExemptionAction, confirmExemptionAction } from './actions.ts'

/** Shows what the person who looks can do about exempting: ask, wait for another person, or confirm. */
export async function ExemptPart({
  order,
  viewerId,
}: {
  readonly order: OrderDetail
  readonly viewerId: string
}) {
  const t = await getTranslations('exchange.exempt')
  if (order.exemptAskedById === null) {
    return (
      <Card>
        <h2>{t('title')}</h2>
        <p>{t('text')}</p>
        <AskForm order={order} />
      </Card>
    )
  }
  const mine = order.exemptAskedById === viewerId
  return (
    <Card>
      <h2>{t('title')}</h2>
      <Notice title={mine ? t('asked_you') : t('asked_other')}>
        <p className="wrap-anywhere">
          <Written>{order.exemptReason}</Written>
        </p>
      </Notice>
      {mine ? null : <ConfirmForm order={order} />}
      <Details summary={t('change')}>
        <AskForm order={order} />
      </Details>
    </Card>
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

async function ConfirmForm({ order }: { readonly order: OrderDetail }) {
  const t = await getTranslations('exchange.exempt')
  return (
    <ActionForm action={confirmExemptionAction} scope="confirm" className="stack">
      <HiddenField name="orderId" value={order.id} />
      <HiddenField name="reason" value={order.exemptReason ?? ''} />
      <p>{t('confirm_text')}</p>
      <StepUpField />
      <SubmitButton>{t('confirm')}</SubmitButton>
    </ActionForm>
  )
}
