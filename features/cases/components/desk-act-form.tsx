import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios } from '#components/form/choices.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import type { FormAction } from '#lib/form-state.ts'
import type { DeskAct } from '../rules/citizen-acts.ts'

interface DeskActFormProps {
  readonly number: string
  readonly version: number
  /** The acts that are possible now. */
  readonly acts: readonly DeskAct[]
  readonly action: FormAction
}

/** Renders the form in which police write down the wish of a citizen at the desk who does not have the secret. */
export async function DeskActForm({ number, version, acts, action }: DeskActFormProps) {
  const t = await getTranslations('case-staff.at_desk')
  const [only] = acts
  return (
    <ActionForm action={action} scope="desk" className="stack">
      <HiddenField name="number" value={number} />
      <HiddenField name="version" value={String(version)} />
      <p className="text-sm text-soft">{t('text')}</p>
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
      <TextArea name="message" label={t('said')} hint={t('said_hint')} rows={4} />
      <p className="actions">
        <SubmitButton look="quiet">{t('button')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
