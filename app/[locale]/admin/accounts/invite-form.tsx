import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { StepUpField } from '../step-up-field.tsx'
import { inviteAction } from './actions.ts'
import { PostFields } from './post-fields.tsx'

/** Renders the form that invites a new person, the first of the page. The link goes out by mail. */
export async function InviteForm() {
  const t = await getTranslations('admin.accounts')
  return (
    <section className="card stack">
      <h2>{t('invite')}</h2>
      <p>{t('invite_lead')}</p>
      <ActionForm action={inviteAction} className="stack">
        <div className="grid gap-4 md:grid-cols-2">
          <Field name="name" label={t('name')} />
          <Field name="email" label={t('email')} type="email" />
          <PostFields />
        </div>
        <StepUpField kind="always" />
        <p className="actions">
          <SubmitButton>{t('send')}</SubmitButton>
        </p>
      </ActionForm>
    </section>
  )
}
