import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { writeContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import type { Route } from '#messages/paths.ts'
import { StepButtons, StepHeading } from './step-parts.tsx'

export async function CodeForm({
  action,
  contact,
  other,
  sent,
  notArrived,
  phones,
  change,
  children,
}: {
  readonly action: FormAction
  readonly contact: Contact | null
  /** A second contact with its own code; either code will do. */
  readonly other?: Contact | undefined
  /** False if no code was sent to the contact. */
  readonly sent: boolean
  /** The newest code is known not to have been sent or not to have arrived. */
  readonly notArrived: boolean
  /** True if messages can be sent to phone numbers. */
  readonly phones: boolean
  readonly change: Route
  readonly children?: ReactNode
}) {
  const t = await getTranslations('report.code')
  return (
    <ActionForm action={action}>
      <StepHeading title={t('title')}>
        <p>
          {t.rich(sent ? (other ? 'leadBoth' : 'lead') : 'notSent', {
            contact: contact ? writeContact(contact) : '',
            other: other ? writeContact(other) : '',
            b: (words) => <b className="text-ink">{words}</b>,
          })}
        </p>
        <p>
          <Link href={change}>{t(phones ? 'change' : 'changeMail')}</Link>
        </p>
      </StepHeading>
      {contact && notArrived && other === undefined ? (
        <Notice tone="wait" title={t('notArrived', { contact: writeContact(contact) })}>
          <p>{t(contact.kind === 'phone' ? 'notArrivedPhone' : 'notArrivedMail')}</p>
        </Notice>
      ) : null}
      <Field name="contactCode" label={t('contactCode')} type="code" />
      {/* No back button: the link above leads to the only page with something to change. */}
      <StepButtons back={false}>
        <SubmitButton name="step" value="another" look="plain">
          {t('another')}
        </SubmitButton>
      </StepButtons>
      {children}
    </ActionForm>
  )
}
