import { getTranslations } from 'next-intl/server'
import { ActionForm, type ActionFormProps } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { StepHeading } from '../steps/step-parts.tsx'

export interface ResumeFormProps {
  readonly action: ActionFormProps['action']
  /** The number that a code was asked for; null while it is asked. */
  readonly number: string | null
  readonly title: string
  readonly numberHint: string
  /** This page, to enter another number. */
  readonly page: '/blocked/object/resume'
}

/** Opens a draft in this browser: its number first, then the code that its contact was sent. */
export async function ResumeForm({ action, number, title, numberHint, page }: ResumeFormProps) {
  const t = await getTranslations('objection.resume')
  return (
    <ActionForm action={action} key={number === null ? 'number' : 'code'}>
      <StepHeading title={title}>
        <p>{t('lead')}</p>
      </StepHeading>
      {number === null ? (
        <>
          <Field name="caseNumber" label={t('caseNumber')} hint={numberHint} look="number" width="medium" />
          <p className="actions">
            <SubmitButton>{t('send')}</SubmitButton>
          </p>
        </>
      ) : (
        <>
          <Notice tone="info" title={`${t('sentTitle')}: ${number}`}>
            <p>{t('sentText')}</p>
          </Notice>
          <HiddenField name="caseNumber" value={number} />
          <Field name="contactCode" label={t('contactCode')} type="code" />
          <p className="actions">
            <SubmitButton>{t('open')}</SubmitButton>
            <ButtonLink href={page} look="plain">
              {t('otherNumber')}
            </ButtonLink>
          </p>
        </>
      )}
    </ActionForm>
  )
}
