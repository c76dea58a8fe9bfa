import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Time } from '#components/ui/time.tsx'
import { Written } from '#components/ui/written.tsx'
import type { RequestSubject, SecondPerson } from '#features/city-report/queries/requests.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { confirmRequestAction, dropRequestAction } from './actions.ts'

interface Props {
  readonly standing: SecondPerson
  readonly subject: RequestSubject
  /** The words on the button of the person who confirms. */
  readonly confirm: string
  /** The form that asks, shown while there is no request. */
  readonly children: ReactNode
}

/**
 * Renders an act that needs two survey managers: the form that asks for it, or the open request and who may decide it.
 */
export async function SecondPersonDecision({ standing, subject, confirm, children }: Props) {
  const t = await getTranslations('survey-second-person')
  const { request, own, another } = standing
  if (request === null) {
    return (
      <>
        <Notice tone={another ? 'info' : 'wait'} title={t('two')}>
          <p>{t(another ? 'twoText' : 'nobodyElse')}</p>
        </Notice>
        {children}
      </>
    )
  }
  const fields = (
    <>
      <HiddenField name="requestId" value={request.id} />
      {'exclusionId' in subject ? (
        <HiddenField name="exclusionId" value={subject.exclusionId} />
      ) : (
        <HiddenField name="reportId" value={subject.reportId} />
      )}
    </>
  )
  return (
    <div className="stack" data-request={request.id} data-own={own}>
      <Notice tone="wait" title={t(own ? 'asked_own' : 'asked_other')}>
        <p>
          <Time at={request.askedAt} />
        </p>
        <p className="wrap-anywhere">
          <Written>{request.reasonVi}</Written>
        </p>
        {request.reasonEn === null ? null : (
          <p className="wrap-anywhere" lang="en">
            <Written>{request.reasonEn}</Written>
          </p>
        )}
        {own && !another ? <p>{t('nobodyElse')}</p> : null}
      </Notice>
      {own ? null : (
        <ActionForm action={confirmRequestAction} scope="confirm" className="stack">
          {fields}
          <StepUpField />
          <p className="actions">
            <SubmitButton look="danger">{confirm}</SubmitButton>
          </p>
        </ActionForm>
      )}
      <ActionForm action={dropRequestAction} scope="drop" className="actions">
        {fields}
        <SubmitButton look="quiet">{t(own ? 'take_back' : 'refuse')}</SubmitButton>
      </ActionForm>
    </div>
  )
}
