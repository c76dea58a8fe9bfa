import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { IMEI_DIGITS, type ImeiDigits } from '../rules/list-files.ts'

/** Asks how the IMEIs of a carrier's files are written. */
export async function DigitsForm({
  action,
  carrierId,
  digits,
}: {
  readonly action: FormAction
  readonly carrierId: string
  readonly digits: ImeiDigits
}) {
  const t = await getTranslations('exchange.files')
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <ActionForm action={action} scope="digits" className="stack" initial={{ imeiDigits: String(digits) }}>
        <HiddenField name="carrierId" value={carrierId} />
        <Select
          name="imeiDigits"
          label={t('digits')}
          options={IMEI_DIGITS.map((count) => ({ value: String(count), label: t(`digits_${count}`) }))}
        />
        <SubmitButton look="quiet">{t('save')}</SubmitButton>
      </ActionForm>
    </Card>
  )
}
