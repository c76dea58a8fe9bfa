import { getTranslations } from 'next-intl/server'
import { Field } from '#components/form/field.tsx'
import { MailQuestion } from './mail-question.tsx'

export interface ContactFieldsProps {
  /** The hint that says which numbers are taken: they differ. */
  readonly phoneHint: string
  /** True where messages reach phone numbers; else an address alone is asked for. */
  readonly phones: boolean
}

/** Asks where messages reach a person, by one of two. */
export async function ContactFields({ phoneHint, phones }: ContactFieldsProps) {
  const t = await getTranslations('report.contact')
  return (
    <>
      <Field
        name="contactEmail"
        label={t('contactEmail')}
        type="email"
        inputMode="email"
        autoComplete="email"
        width="medium"
        after={<MailQuestion take={t('takeEmail')} />}
      />
      {phones ? (
        <Field
          name="contactPhone"
          label={t('contactPhone')}
          hint={phoneHint}
          type="tel"
          inputMode="tel"
          autoComplete="tel"
          width="medium"
        />
      ) : null}
    </>
  )
}
