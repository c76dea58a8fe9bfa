import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { addFoundAction } from './actions.ts'

/**
 * Renders the form that adds a found phone. It is made for a scanner: the page has its focus in the IMEI, and
 * what a pile of phones has in common stays.
 */
export async function AddForm({ initial }: { readonly initial: Readonly<Record<string, string>> }) {
  const t = await getTranslations('found')
  return (
    <ActionForm action={addFoundAction} initial={initial} className="stack">
      <Field
        name="imei"
        label={t('scan')}
        hint={t('scanHint')}
        inputMode="numeric"
        look="number"
        width="medium"
        focused
      />
      <Field name="foundOn" label={t('foundOn')} type="date" width="medium" />
      <Field name="foundPlace" label={t('foundPlace')} />
      <Field name="custody" label={t('custody')} hint={t('custodyHint')} />
      <Field name="note" label={t('note')} hint={t('noteHint')} optional />
      <p className="actions">
        <SubmitButton>{t('addButton')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
