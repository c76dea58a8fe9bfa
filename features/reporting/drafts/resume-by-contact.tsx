import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { writeContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { FormAction } from '#lib/form-state.ts'
import { suggestEmail } from '#lib/person/mail-domain.ts'
import { StepHeading } from '../steps/step-parts.tsx'

export async function ResumeByContact(props: {
  readonly action: FormAction
  /** The contact that was asked for a code; null before one is typed. */
  readonly contact: Contact | null
  /** True if messages can be sent to phone numbers. */
  readonly phones: boolean
  readonly page: '/track/find' | '/blocked/follow/contact' | '/my-phones' | '/report-for'
  readonly hidden?: ReactNode
  readonly title: string
  readonly lead: string
  readonly words?: { readonly hint: string; readonly send: string }
  /** Returns the text after a contact was submitted. It never reveals whether the contact is known. */
  readonly sent: (contact: string) => string
  readonly sentHint?: string
  readonly open: string
}) {
  const { action, contact, phones, title } = props
  const t = await getTranslations('report.resume')
  const words = props.words ?? { hint: t('contactHint'), send: t('send') }
  if (contact === null) {
    return (
      <ActionForm action={action} key="contact">
        {props.hidden}
        <StepHeading title={title}>
          <p>{props.lead}</p>
        </StepHeading>
        <Field
          name="contact"
          label={t(phones ? 'contact' : 'contactMail')}
          hint={words.hint}
          autoComplete="email"
          width="medium"
        />
        <p className="actions">
          <SubmitButton>{words.send}</SubmitButton>
        </p>
      </ActionForm>
    )
  }
  const meant = contact.kind === 'email' ? suggestEmail(contact.value) : null
  return (
    <ActionForm action={action} key="code">
      {props.hidden}
      <StepHeading title={title} />
      <Notice tone="info" title={props.sent(writeContact(contact))}>
        {props.sentHint === undefined ? null : <p>{props.sentHint}</p>}
        <p>{t(props.words === undefined ? 'sentText' : 'sentCode')}</p>
        {/* No code will arrive at a mistyped address, and nothing else would say so. */}
        {meant === null ? null : <p>{t('meant', { meant })}</p>}
      </Notice>
      <Field name="contactCode" label={t('contactCode')} type="code" />
      <p className="actions">
        <SubmitButton>{props.open}</SubmitButton>
        <ButtonLink href={{ pathname: props.page, query: { other: '1' } }} look="plain">
          {t('otherContact')}
        </ButtonLink>
      </p>
    </ActionForm>
  )
}
