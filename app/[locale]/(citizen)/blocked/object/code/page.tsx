import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ObjectionFrame } from '#components/objection/objection-frame.tsx'
import { StepButtons, StepHeading } from '#components/report/step-parts.tsx'
import { Link } from '#components/ui/link.tsx'
import { writeContact } from '#domain/person/contact.ts'
import { holderCodeAction } from '../actions.ts'
import { draftAt, objectionPath, stepMetadata } from '../step.ts'

export const generateMetadata = stepMetadata('code')

/** The code that shows that the contact's messages are read. */
export default async function ObjectionCodePage() {
  const draft = await draftAt('code')
  if (draft.contactConfirmed) redirect(objectionPath(await getLocale(), 'review'))
  const t = await getTranslations('report.code')
  const contact = draft.holder ? writeContact(draft.holder.contact) : ''
  return (
    <ObjectionFrame step="code" expiresAt={draft.expiresAt}>
      <ActionForm action={holderCodeAction}>
        <StepHeading title={t('title')}>
          <p>{t.rich('lead', { contact, b: (words) => <b className="text-ink">{words}</b> })}</p>
          <p>
            <Link href="/blocked/object/person">{t('change')}</Link>
          </p>
        </StepHeading>
        <Field
          name="contactCode"
          label={t('contactCode')}
          inputMode="numeric"
          autoComplete="one-time-code"
          look="number"
          width="short"
        />
        <StepButtons>
          <SubmitButton name="step" value="another" look="plain">
            {t('another')}
          </SubmitButton>
        </StepButtons>
      </ActionForm>
    </ObjectionFrame>
  )
}
