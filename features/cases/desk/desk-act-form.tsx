import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { FoldedFields } from '#components/form/folded-fields.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ASKABLE } from '#features/privacy/requests/correction-rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import { askableLabels } from '#messages/said-correction.ts'
import type { DeskAct } from '../citizen/rules.ts'

interface DeskActFormProps {
  readonly number: string
  readonly version: number
  readonly acts: readonly DeskAct[]
  /** The reporter can be told: the case has a contact. */
  readonly told: boolean
  /** Papers that are brought along can be added now. */
  readonly papers: boolean
  readonly action: FormAction
}

export async function DeskActForm({ number, version, acts, told, papers, action }: DeskActFormProps) {
  const [t, correction, label] = await Promise.all([
    getTranslations('case-staff.at_desk'),
    getTranslations('case.act.ask_correction'),
    getLocale().then(askableLabels),
  ])
  const [only] = acts
  return (
    <ActionForm action={action} scope="desk" className="stack">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <p className="text-sm text-soft">
        {t('text', { told: told ? 'yes' : 'no', papers: papers ? 'yes' : 'no' })}
      </p>
      {acts.length === 1 && only !== undefined ? (
        <>
          <HiddenField name="deskAct" value={only} />
          <p className="font-semibold">{t(`act.${only}`)}</p>
        </>
      ) : (
        <Radios
          name="deskAct"
          label={t('what')}
          options={acts.map((act) => ({ value: act, label: t(`act.${act}`) }))}
        />
      )}
      {acts.includes('ask_correction') ? (
        <FoldedFields summary={t('correct')} names={['correctField', 'correctValue']}>
          <Select
            name="correctField"
            label={correction('field')}
            placeholder={correction('field_none')}
            options={ASKABLE.map((field) => ({ value: field, label: label(field) }))}
          />
          <TextArea
            name="correctValue"
            label={correction('value')}
            hint={correction('value_hint')}
            rows={2}
          />
        </FoldedFields>
      ) : null}
      <TextArea name="message" label={t('said')} hint={t('said_hint')} rows={4} />
      <p className="actions">
        <SubmitButton look="quiet">{t('button')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
