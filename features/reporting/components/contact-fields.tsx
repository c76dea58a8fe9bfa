import { getTranslations } from 'next-intl/server'
import { Field } from '#components/form/field.tsx'
import { MailQuestion } from './mail-question.tsx'

/** Asks where messages reach a person, by one of two: what number it may be differs. */
export async function ContactFields({ phoneHint }: { readonly phoneHint: string }) {
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
      <Field
        name="contactPhone"
        label={t('contactPhone')}
        hint={phoneHint}
        type="tel"
        inputMode="tel"
        autoComplete="tel"
        width="medium"
      />
    </>
  )
}
