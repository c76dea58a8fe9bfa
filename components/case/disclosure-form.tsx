import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { DISCLOSURE_REASONS, type DisclosureReason } from '#domain/case/disclosure.ts'
import type { FormAction } from '#domain/form-state.ts'

export interface DisclosureFormProps {
  readonly action: FormAction
  readonly number: string
  /** Chosen already for whoever has the case in hand: then opening is one press. */
  readonly reason: DisclosureReason | null
}

/** The same words stand in the middle of a sentence elsewhere. */
const asSentence = (words: string): string => words.charAt(0).toLocaleUpperCase('vi') + words.slice(1)

/** What is masked, and the form that opens it. */
export async function DisclosureForm({ action, number, reason }: DisclosureFormProps) {
  const t = await getTranslations('disclosure')
  const why = (
    <>
      <Radios
        name="disclosureReason"
        label={t('reason_label')}
        options={DISCLOSURE_REASONS.map((value) => ({ value, label: asSentence(t(`reason.${value}`)) }))}
      />
      <TextArea name="disclosureNote" label={t('note')} hint={t('note_hint')} rows={2} optional />
    </>
  )
  return (
    <Card id="open" className="stack print-hidden">
      <h2>{t('closed')}</h2>
      <p>{t('closed_text')}</p>
      <ActionForm
        action={action}
        scope="disclosure"
        className="stack flat"
        initial={{ disclosureReason: reason ?? '' }}
      >
        <HiddenField name="number" value={number} />
        {reason === null ? (
          why
        ) : (
          <Details summary={t('reason_at_hand', { reason: t(`reason.${reason}`) })}>{why}</Details>
        )}
        <div className="space-y-1.5">
          <SubmitButton look="quiet">{t('button')}</SubmitButton>
          <p className="text-[0.88rem] text-soft">{t('does')}</p>
        </div>
      </ActionForm>
    </Card>
  )
}
