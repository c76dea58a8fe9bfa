import { getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { FileField } from '#components/form/file-field.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { MAX_CSV_BYTES } from '#domain/found/upload.ts'
import type { PoliceArea } from '#server/reference/loaders.ts'
import { nameOf } from '../../name-of.ts'

interface Props {
  readonly fault: string | undefined
  /** To choose from, for police who are of no district. */
  readonly areas: readonly PoliceArea[]
  readonly areaId: string | null
}

/** A file goes to a handler of its own: a page's action would take no body of this size. */
export async function ImportForm({ fault, areas, areaId }: Props) {
  const [t, faults] = await Promise.all([getTranslations('case-import'), getTranslations('faults.import')])
  const known = fault !== undefined && faults.has(fault as 'none') ? faults(fault as 'none') : undefined
  const field = fault === 'district' ? 'district' : 'importFile'
  const options = await Promise.all(
    areas.map(async ({ id }) => ({ value: id, label: (await nameOf(areas, id)) ?? id })),
  )
  return (
    <PostForm
      action="/api/import"
      encoding="multipart"
      scope="upload"
      className="stack"
      state={{ values: {}, errors: known === undefined ? {} : { [field]: known } }}
    >
      {areaId === null ? (
        <Select name="district" label={t('district')} options={options} placeholder="" />
      ) : (
        <HiddenField name="district" value={areaId} />
      )}
      <FileField
        name="importFile"
        label={t('file')}
        hint={t('fileHint')}
        accept=".csv,text/csv,text/plain"
        maxFiles={1}
        maxBytes={MAX_CSV_BYTES}
        words={{
          chosen: t('fileWords.chosen'),
          drop: t('fileWords.drop'),
          dropWhich: t.raw('fileWords.dropWhich'),
          tooLarge: t('fileWords.tooLarge'),
          tooMany: t('fileWords.tooMany'),
          sending: t.raw('fileWords.sending'),
          checking: t('fileWords.checking'),
          broken: t('fileWords.broken'),
        }}
      />
      <p className="actions">
        <SubmitButton>{t('read')}</SubmitButton>
      </p>
    </PostForm>
  )
}
