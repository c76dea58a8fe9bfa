import { getLocale, getTranslations } from 'next-intl/server'
import { Checkbox, type OptionGroup, Select } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { AGENCY_KINDS } from '#features/agencies/rules/agency.ts'
import type { ManualKind } from '#features/agencies/rules/change-form.ts'
import type { AgencyVersion } from '#features/agencies/rules/lineage.ts'
import { MERGED } from '../wanted.ts'

interface KindFieldsProps {
  readonly kind: ManualKind
  readonly open: readonly AgencyVersion[]
  /** The one that is changed, where it is one. */
  readonly agency: AgencyVersion | null
}

/** Renders the fields that each kind of change asks for beside its day and its legal basis. */
export async function KindFields({ kind, open, agency }: KindFieldsProps) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies'), getLocale()])
  const kinds = AGENCY_KINDS.map((value) => ({ value, label: t(`kind.${value}`) }))
  if (kind === 'close') return null
  if (kind === 'split') {
    return (
      <>
        <TextArea name="parts" label={t('form.parts')} hint={t('form.partsHint')} rows={6} />
        <Checkbox name="keeps" label={t('form.keeps')} />
      </>
    )
  }
  const groups = kinds.flatMap(({ value, label }): OptionGroup[] => {
    const some = open.filter((agency) => agency.kind === value)
    const options = some.map(({ id, nameVi, nameEn }) => ({
      value: id,
      label: locale === 'vi' ? nameVi : nameEn,
    }))
    return options.length === 0 ? [] : [{ label, options }]
  })
  const renames = kind === 'rename'
  return (
    <>
      {kind === 'merge' ? (
        <>
          {MERGED.map((name, at) => (
            <Select
              key={name}
              name={name}
              label={t('form.from', { n: at + 1 })}
              placeholder={t('form.choose')}
              options={groups}
              optional={at > 1}
            />
          ))}
          <Select
            name="into"
            label={t('form.into')}
            hint={t('form.intoHint')}
            placeholder={t('form.intoNew')}
            options={groups}
          />
        </>
      ) : null}
      {renames ? null : (
        <Select
          name="agencyKind"
          label={t('form.agencyKind')}
          hint={kind === 'merge' ? t('form.onlyNew') : undefined}
          placeholder={t('form.choose')}
          options={kinds}
        />
      )}
      <Field
        name="nameVi"
        label={t(renames ? 'form.nameVi' : 'form.nameNew')}
        hint={kind === 'merge' ? t('form.onlyNew') : undefined}
      />
      <Field
        name="nameEn"
        label={t('form.nameEn')}
        hint={renames && agency ? t('form.nameEnNow', { name: agency.nameEn }) : t('form.nameEnHint')}
      />
      <Field name="abbreviation" label={t('form.abbreviation')} width="short" optional />
    </>
  )
}
