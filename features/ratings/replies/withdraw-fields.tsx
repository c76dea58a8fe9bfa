import { getTranslations } from 'next-intl/server'
import { TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'

export async function WithdrawFields({ hint, submit }: { readonly hint: string; readonly submit: string }) {
  const t = await getTranslations('survey-withdrawal')
  return (
    <>
      <TextArea name="reason" label={t('reason')} hint={hint} rows={3} />
      <TextArea name="reasonEn" label={t('reasonEn')} rows={3} optional />
      <p className="actions">
        <SubmitButton look="danger">{submit}</SubmitButton>
      </p>
    </>
  )
}
