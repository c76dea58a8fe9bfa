import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { StepFrame } from '#components/report/step-frame.tsx'
import { StepButtons, StepHeading } from '#components/report/step-parts.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { writeContact } from '#domain/person/contact.ts'
import { codeAction } from '../actions.ts'
import { draftAt, framed, stepPath } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const generateMetadata = stepMetadata('code')

/** The code that shows that the contact's messages are read. */
export default async function CodePage() {
  const draft = await draftAt('code')
  if (draft.contactConfirmed) redirect(stepPath(await getLocale(), 'review'))
  const t = await getTranslations('report.code')
  const contact = draft.report.person ? writeContact(draft.report.person.contact) : ''
  return (
    <StepFrame step="code" draft={framed(draft)}>
      <ActionForm action={codeAction}>
        <StepHeading title={t('title')}>
          <p>{t.rich('lead', { contact, b: (words) => <b className="text-ink">{words}</b> })}</p>
          <p>
            <Link href="/report/person">{t('change')}</Link>
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
        <Details summary={t('notCome')}>
          <ul>
            <li>{t('notComeMail')}</li>
            <li>{t('notComeNew')}</li>
          </ul>
        </Details>
      </ActionForm>
    </StepFrame>
  )
}
