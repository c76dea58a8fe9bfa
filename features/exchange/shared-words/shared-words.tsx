import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { SHARED_VERDICTS } from './rules.ts'

/** Shows the words of a carrier that wait for the relay, what one person asked for, and the form that asks. */
export async function SharedWords({
  carrierId,
  words,
  ask,
}: {
  readonly carrierId: string
  readonly words: { readonly count: number; readonly cases: readonly string[] }
  readonly ask: FormAction
}) {
  const t = await getTranslations('carrier-flags.words')
  return (
    <Card id="shared-words">
      <h2>{t('title')}</h2>
      <p>{t('text', { count: words.count })}</p>
      <p className="wrap-anywhere">{t('cases', { cases: words.cases.join(', ') })}</p>
      <ActionForm action={ask} scope={`shared-ask-${carrierId}`} className="stack">
        <HiddenField name="carrierId" value={carrierId} />
        <Radios
          name="verdict"
          label={t('verdict')}
          options={SHARED_VERDICTS.map((value) => ({ value, label: t(value) }))}
        />
        <TextArea name="note" label={t('note')} rows={2} />
        <p className="actions">
          <SubmitButton look="quiet">{t('ask')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
