import { getLocale, getTranslations } from 'next-intl/server'
import { Checkbox, Select } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { Details } from '#components/ui/details.tsx'
import type { ManualKind } from '#features/agencies/changes/form-rules.ts'
import { AGENCY_KINDS, type AgencyVersion } from '#features/agencies/rules.ts'
import { type ChangeFields, MERGED } from '../wanted.ts'

interface KindFieldsProps {
  readonly kind: ManualKind
  readonly open: readonly AgencyVersion[]
  /** The agency being changed; null for changes without one. */
  readonly agency: AgencyVersion | null
  /** For a merger: `into` if an existing agency continues, `new` if a new one begins. */
  readonly how: 'new' | 'into'
  readonly fields: ChangeFields
}

export async function KindFields({ kind, open, agency, how, fields }: KindFieldsProps) {
  const t = await getTranslations('survey-agencies')
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
  const renames = kind === 'rename'
  const merges = kind === 'merge'
  if (merges && how === 'into') return <Merged open={open} fields={fields} into />
  return (
    <>
      {merges ? <Merged open={open} fields={fields} /> : null}
      {renames ? null : (
        <Select
          name="agencyKind"
          label={t('form.agencyKind')}
          placeholder={t('form.choose')}
          options={kinds}
        />
      )}
      <Field name="nameVi" label={t(renames ? 'form.nameVi' : 'form.nameNew')} />
      <Field
        name="nameEn"
        label={t('form.nameEn')}
        hint={renames && agency ? t('form.nameEnNow', { name: agency.nameEn }) : t('form.nameEnHint')}
      />
      <Field name="abbreviation" label={t('form.abbreviation')} width="short" optional />
    </>
  )
}

const SHOWN = 4

/** Renders the fields for the agencies of a merger: each is typed and found in one list; rarely needed fields are folded. */
async function Merged({
  open,
  fields,
  into = false,
}: {
  readonly open: readonly AgencyVersion[]
  readonly fields: ChangeFields
  readonly into?: boolean
}) {
  const [t, locale] = await Promise.all([getTranslations('survey-agencies.form'), getLocale()])
  const field = (name: (typeof MERGED)[number], at: number) => (
    <Field
      key={name}
      name={name}
      label={t('from', { n: at + 1 })}
      hint={at === 0 ? t('fromHint') : undefined}
      list="agencies"
      optional={at > (into ? 0 : 1)}
    />
  )
  const [first, others] = [MERGED.slice(0, SHOWN), MERGED.slice(SHOWN)]
  return (
    <>
      <datalist id="agencies">
        {open.map(({ id, nameVi, nameEn }) => (
          <option key={id} value={locale === 'vi' ? nameVi : nameEn} />
        ))}
      </datalist>
      {into ? <Field name="into" label={t('into')} hint={t('intoHint')} list="agencies" /> : null}
      {first.map(field)}
      <Details summary={t('moreFrom')} open={others.some((name) => fields[name] !== undefined)}>
        {others.map((name, at) => field(name, at + SHOWN))}
      </Details>
    </>
  )
}
