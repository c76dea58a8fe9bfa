import { getTranslations } from 'next-intl/server'
import { Field } from '#components/form/field.tsx'
import { MailQuestion } from './mail-question.tsx'

/** Asks for a phone number or an e-mail address; the number first, as people in Vietnam usually give it. */
export async function ContactFields({
  phoneHint,
  phones,
}: {
  /** Says which numbers are accepted; the forms differ. */
  readonly phoneHint: string
  /** False: only an e-mail address is asked for, because messages cannot be sent to phone numbers. */
  readonly phones: boolean
}) {
  const t = await getTranslations('report.contact')
  const email = (
    <Field
      name="contactEmail"
      label={t(phones ? 'orEmail' : 'contactEmail')}
      type="email"
      inputMode="email"
      autoComplete="email"
      width="medium"
      after={<MailQuestion take={t('takeEmail')} />}
    />
  )
  if (!phones) return email
  return (
    <>
      <Field
        name="contactPhone"
        label={t('contactPhone')}
        hint={phoneHint}
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        width="medium"
      />
      {email}
    </>
  )
}
