import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PasskeySteps } from '#features/accounts/passkeys/passkey-steps.tsx'
import { passkeyWords } from '#features/accounts/passkeys/passkey-words.tsx'
import { StepUpField } from '../step-up-field.tsx'
import { addPasskeyAction } from './passkey-actions.ts'

export async function AddPasskey({ callbackUrl = '' }: { readonly callbackUrl?: string }) {
  const [t, words] = await Promise.all([getTranslations('my-account.passkeys'), passkeyWords('make')])
  return (
    <ActionForm action={addPasskeyAction} scope="passkey">
      <HiddenField name="callbackUrl" value={callbackUrl} />
      <PasskeySteps
        words={words}
        lead={<p role="status">{t('make')}</p>}
        before={
          <div className="stack">
            <p className="without-script">{words.scriptless}</p>
            <Field name="passkeyName" label={t('name')} hint={t('name_hint')} width="medium" />
            <StepUpField kind="always" />
            <p className="actions">
              <SubmitButton look="quiet">{t('add')}</SubmitButton>
            </p>
          </div>
        }
      />
    </ActionForm>
  )
}
