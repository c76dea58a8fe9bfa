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
  /** Another contact that was sent a code of its own: either will do. */
  readonly other?: Contact | undefined
  /** False where no code has gone to the contact. */
  readonly sent: boolean
  /** Tells that the newest code did not go out, or did not arrive, as far as is known. */
  readonly notArrived: boolean
  /** True where messages reach phone numbers. */
  readonly phones: boolean
  readonly change: Route
  /** Below the buttons. */
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
      {/* The way back is the link above: there is nothing else to change. */}
      <StepButtons back={false}>
        <SubmitButton name="step" value="another" look="plain">
          {t('another')}
        </SubmitButton>
      </StepButtons>
      {children}
    </ActionForm>
  )
}
