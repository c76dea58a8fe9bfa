import { getLocale, getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { FileForm } from '#components/form/file-form.tsx'
import type { PoliceUnit } from '#features/areas/queries.ts'
import { MAX_CSV_BYTES } from '#features/cases/rules/found/upload.ts'
import { nameOf } from '../../name-of.ts'

interface Props {
  readonly fault: string | string[] | undefined
  /** To choose from, for police who are of no district. */
  readonly units: readonly PoliceUnit[]
  readonly unitId: string | null
}

/** Renders the form for a file of records, with the district that they are of. */
export async function ImportForm({ fault, units, unitId }: Props) {
  const [t, locale] = await Promise.all([getTranslations('case-import'), getLocale()])
  const options = await Promise.all(
    units.map(async ({ id }) => ({ value: id, label: (await nameOf(units, id)) ?? id })),
  )
  return (
    <FileForm
      action="/api/import"
      name="importFile"
      label={t('file')}
      hint={t('fileHint')}
      maxBytes={MAX_CSV_BYTES}
      faultsOf="import"
      fault={fault}
      fieldOf={{ district: 'district' }}
      submit={t('read')}
      template={`/records-${locale}.csv`}
    >
      {unitId === null ? (
        <Select name="district" label={t('district')} options={options} placeholder="" />
      ) : (
        <HiddenField name="district" value={unitId} />
      )}
    </FileForm>
  )
}
