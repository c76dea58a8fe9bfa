import { getTranslations } from 'next-intl/server'
import { Field } from '#components/form/field.tsx'
import { MailQuestion } from './mail-question.tsx'

/** Asks where messages reach a person, by one of two: the number first, which people in Vietnam give first. */
export async function ContactFields({
  phoneHint,
  phones,
}: {
  /** The hint that says which numbers are taken: they differ. */
  readonly phoneHint: string
  /** True where messages reach phone numbers; else an address alone is asked for. */
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
