import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import type { OrderDetail } from '#features/exchange/relay/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { ApprovalCard } from '../../approvals/approval-card.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { askExemptionAction } from './actions.ts'

export async function ExemptPart({
  staff,
  order,
}: {
  readonly staff: StaffActor
  readonly order: OrderDetail
}) {
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
