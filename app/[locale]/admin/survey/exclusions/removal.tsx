import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Details } from '#components/ui/details.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { askRemovalAction } from './actions.ts'

export async function RemovalForm({ names }: { readonly names: ReadonlyMap<string, string> }) {
  const [t, staff] = await Promise.all([
    getTranslations('survey-integrity.removal'),
    getTranslations('survey-integrity.staff'),
  ])
  return (
    <Details summary={t('title')}>
      <p className="max-w-measure">{t('lead')}</p>
      <ActionForm action={askRemovalAction} scope="removal" className="stack max-w-measure">
        <Select
          name="agencyId"
          label={t('agency')}
          placeholder={t('choose')}
          options={[...names].map(([value, label]) => ({ value, label }))}
        />
        <Field name="from" label={t('from')} width="short" />
        <Field name="to" label={t('to')} width="short" />
        <TextArea name="reason" label={staff('why')} rows={3} />
        <TextArea name="reasonEn" label={staff('whyEn')} rows={3} optional />
        <StepUpField />
        <p className="actions">
          <SubmitButton look="danger">{t('ask')}</SubmitButton>
        </p>
      </ActionForm>
    </Details>
  )
}
