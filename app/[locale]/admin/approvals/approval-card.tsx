import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Time } from '#components/ui/time.tsx'
import { getAccountWaitHours } from '#features/accounts/data.ts'
import type { ListedApproval } from '#features/approvals/data.ts'
import { type ApprovalKind, type ContentOf, rulesOf } from '#features/approvals/rules.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { MayDecide } from '../may-decide.tsx'
import { StepUpField } from '../step-up-field.tsx'
import { confirmApprovalAction, refuseApprovalAction, withdrawApprovalAction } from './actions.ts'
import { DESK } from './kinds.tsx'

interface Props {
  readonly staff: StaffActor
  readonly request: ListedApproval
}

const show = <K extends ApprovalKind>(staff: StaffActor, kind: K, content: ContentOf<K>) =>
  DESK[kind].show(staff, content)

export async function ApprovalCard({ staff, request }: Props) {
  const { kind, content, askedBy, askedAt, expiresAt } = request
  const [t, { about, rows }] = await Promise.all([getTranslations('approvals'), show(staff, kind, content)])
  const asked = [
    { key: 'asked', term: t('asked'), value: askedBy },
    { key: 'asked_at', term: t('asked_at'), value: <Time at={askedAt} form="moment" /> },
    ...(expiresAt ? [{ key: 'ends', term: t('ends'), value: <Time at={expiresAt} form="moment" /> }] : []),
  ]
  return (
    <Card>
      <h2>
        {t(`kind.${kind}`)}: {about}
      </h2>
      <SummaryList rows={[...rows, ...asked]} />
      <Answer staff={staff} request={request} />
    </Card>
  )
}

async function Answer({ staff, request: { id, kind, digest, accountId, askedById } }: Props) {
  const t = await getTranslations('approvals')
  const seen = (
    <>
      <HiddenField name="approvalId" value={id} />
      <HiddenField name="kind" value={kind} />
      <HiddenField name="digest" value={digest} />
    </>
  )
  const why = rulesOf(kind).reasoned ? (
    <TextArea name="reason" label={t('why')} hint={t('why_hint')} rows={2} />
  ) : null
  if (accountId === staff.id) return <p>{t('about_you')}</p>
  if (askedById === staff.id) {
    return (
      <>
        <p>{t('yours')}</p>
        <MayDecide>
          <ActionForm action={withdrawApprovalAction} scope={`withdraw-${id}`} className="stack">
            {seen}
            {why}
            <SubmitButton look="quiet">{t('withdraw')}</SubmitButton>
          </ActionForm>
        </MayDecide>
      </>
    )
  }
  return (
    <MayDecide>
      <p>{t(`does.${kind}`, { hours: getAccountWaitHours() })}</p>
      <ActionForm action={confirmApprovalAction} scope={`confirm-${id}`} className="stack">
        {seen}
        <StepUpField kind={rulesOf(kind).stepUp} />
        <SubmitButton>{t('confirm')}</SubmitButton>
      </ActionForm>
      <ActionForm action={refuseApprovalAction} scope={`refuse-${id}`} className="stack">
        {seen}
        {why}
        <SubmitButton look="quiet">{t('refuse')}</SubmitButton>
      </ActionForm>
    </MayDecide>
  )
}
