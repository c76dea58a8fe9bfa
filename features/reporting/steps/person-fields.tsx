import { getTranslations } from 'next-intl/server'
import { Radios } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'

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
