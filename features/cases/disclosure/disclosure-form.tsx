import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { KeyCap } from '#components/ui/key-cap.tsx'
import type { FormAction } from '#lib/form-state.ts'
import { DISCLOSURE_REASONS, type DisclosureReason } from './rules.ts'

const asSentence = (words: string): string => words.charAt(0).toLocaleUpperCase('vi') + words.slice(1)

/**
 * Renders one line about the masked data, with the button that opens it. If the reason is not clear, the reader chooses one
 * first.
 */
export async function DisclosureForm({
  action,
  number,
  reason,
  changed = false,
  besideTaking = false,
}: {
  readonly action: FormAction
  readonly number: string
  /** Set for a person who has the next decision, so that one press opens the data. */
  readonly reason: DisclosureReason | null
  /** The evidence is open, but has changed since. */
  readonly changed?: boolean
  /** Shown beside the button that takes the case and also opens the evidence: this one only opens it. */
  readonly besideTaking?: boolean
}) {
  const t = await getTranslations('disclosure')
  const why = (
    <Radios
      name="disclosureReason"
      label={t('reason_label')}
      options={DISCLOSURE_REASONS.map((value, at) => ({
        value,
        label: asSentence(t(`reason.${value}`)),
        ...(reason === null && { press: `Digit${at + 1}` }),
      }))}
      row
      {...(reason === null && !besideTaking && { shortcut: 'o' })}
    />
  )
  const note = <TextArea name="disclosureNote" label={t('note')} hint={t('note_hint')} rows={2} optional />
  return (
    <div id="open" className="rounded-part border border-line bg-teal-wash px-4 py-3 print-hidden">
      <ActionForm
        action={action}
        scope="disclosure"
        className="space-y-2"
        initial={{ disclosureReason: reason ?? '' }}
      >
        <HiddenField name="number" value={number} />
        {reason === null ? why : null}
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <p className="flex min-w-0 items-center gap-2 font-semibold">
            <span className="text-teal">
              <Icon name={changed ? 'alert' : 'lock'} />
            </span>
            {t(changed ? 'changed' : 'closed')}
          </p>
          <SubmitButton
            name="disclose"
            value={changed ? 'again' : 'open'}
            size="small"
            {...(besideTaking ? { look: 'quiet' } : reason === null ? {} : { shortcut: 'o' })}
          >
            {t(changed ? 'button_again' : 'button')}{' '}
            {besideTaking ? null : <KeyCap of={reason === null ? 'Enter' : 'o'} />}
          </SubmitButton>
        </div>
        <FoldedFields
          summary={reason === null ? t('note') : t('reason_at_hand', { reason: t(`reason.${reason}`) })}
          names={reason === null ? ['disclosureNote'] : ['disclosureNote', 'disclosureReason']}
          stored={reason !== null}
        >
          {reason === null ? null : why}
          {note}
        </FoldedFields>
        <p className="text-sm text-soft">{t('does')}</p>
      </ActionForm>
    </div>
  )
}
