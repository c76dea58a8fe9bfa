import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { ListedApproval } from '#features/approvals/data.ts'
import type { CountedRelease } from '#features/exchange/releases/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { ApprovalCard } from '../../../approvals/approval-card.tsx'
import { StepUpField } from '../../../step-up-field.tsx'
import { askReleaseAction, sendBatchAction } from '../actions.ts'

interface Named {
  readonly id: string
  readonly number: string
}

interface Props {
  readonly release: CountedRelease
  readonly request: ListedApproval | null
}

/** Shows the request that waits for a second person, or lets one person of the relay send a batch. */
export async function ReleaseDecision({ staff, release, request }: Props & { readonly staff: StaffActor }) {
  const t = await getTranslations('releases')
  if (request) return <ApprovalCard staff={staff} request={request} />
  if (release.cause !== 'choice' || release.state !== 'waiting') return null
  return (
    <Card>
      <h2>{t('batch')}</h2>
      <ActionForm action={sendBatchAction} scope="batch" className="stack">
        <HiddenField name="releaseId" value={release.id} />
        <StepUpField />
        <SubmitButton>{t('send_batch')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

/**
 * Asks to send a release, with or without the cases ticked in `children`, or to withhold all of it. An open request's cases are
 * ticked; those on other pages are sent along as hidden fields.
 */
export async function AskRelease({
  release,
  request,
  withheld,
  elsewhere,
  paged,
  children,
}: Props & {
  readonly withheld: readonly Named[]
  /** Cases in `withheld` that this page does not list. */
  readonly elsewhere: readonly Named[]
  readonly paged: boolean
  readonly children: ReactNode
}) {
  const t = await getTranslations('releases')
  const batch = release.cause === 'choice'
  const first = request === null
  return (
    <ActionForm
      action={askReleaseAction}
      scope="ask"
      className="stack"
      initial={{ withheld: withheld.map(({ id }) => id) }}
    >
      <p>{t('choose_text')}</p>
      {paged ? <p>{t('choose_paged')}</p> : null}
      {children}
      <HiddenField name="releaseId" value={release.id} />
      {elsewhere.map(({ id }) => (
        <HiddenField key={id} name="withheld" value={id} />
      ))}
      {elsewhere.length > 0 ? (
        <p>{t('elsewhere', { numbers: elsewhere.map(({ number }) => number).join(', ') })}</p>
      ) : null}
      <h3>{t(first ? 'ask' : 'ask_again')}</h3>
      <p>{t(batch ? 'ask_text_batch' : 'ask_text')}</p>
      <TextArea name="reason" label={t('reason')} hint={t('reason_hint')} rows={3} />
      <StepUpField />
      <p className="actions">
        <SubmitButton name="outcome" value="sending" look={first && !batch ? 'primary' : 'quiet'}>
          {t(batch ? 'ask_rest' : 'ask_sending')}
        </SubmitButton>
        {batch ? null : (
          <SubmitButton name="outcome" value="withholding" look="danger">
            {t('ask_withholding')}
          </SubmitButton>
        )}
      </p>
    </ActionForm>
  )
}
