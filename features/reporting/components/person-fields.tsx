import { getTranslations } from 'next-intl/server'
import { Radios } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'

/** Asks who a person is, by name and document. */
export async function IdentityFields() {
  const t = await getTranslations('report.person')
  return (
    <>
      <Field name="fullName" label={t('fullName')} hint={t('fullNameHint')} autoComplete="name" />
      <Radios
        name="idKind"
        label={t('idKind')}
        options={[
          { value: 'cccd', label: t('cccd') },
          { value: 'passport', label: t('passport'), hint: t('passportHint') },
        ]}
      />
      <Field
        name="nationalId"
        label={t('nationalId')}
        hint={t('nationalIdHint')}
        look="number"
        width="medium"
      />
    </>
  )
}

/** Asks where messages reach the person: why, and what number it may be, differs. */
export async function ContactFields({
  text,
  phoneHint,
}: {
  readonly text: string
  readonly phoneHint: string
}) {
  const t = await getTranslations('report.person')
  return (
    <>
      <div className="stack">
        <h2>{t('contactTitle')}</h2>
        <p>{text}</p>
      </div>
      <Field
        name="contactEmail"
        label={t('contactEmail')}
        hint={t('contactEmailHint')}
        type="email"
        inputMode="email"
        autoComplete="email"
        width="medium"
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
