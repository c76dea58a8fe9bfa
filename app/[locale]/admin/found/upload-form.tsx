import { getTranslations } from 'next-intl/server'
import { FileField } from '#components/form/file-field.tsx'
import { PostForm } from '#components/form/post-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { MAX_CSV_BYTES } from '#domain/found/upload.ts'

/** A file goes to a handler of its own: a page's action would take no body of this size. */
export async function UploadForm({ fault }: { readonly fault: string | undefined }) {
  const [t, faults] = await Promise.all([getTranslations('found'), getTranslations('faults.found')])
  const known = fault !== undefined && faults.has(fault as 'none') ? faults(fault as 'none') : undefined
  return (
    <PostForm
      action="/api/found"
      encoding="multipart"
      scope="upload"
      className="stack"
      state={{ values: {}, errors: known === undefined ? {} : { foundFile: known } }}
    >
      <FileField
        name="foundFile"
        label={t('file')}
        hint={t('uploadText')}
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
        <SubmitButton look="quiet">{t('read')}</SubmitButton>
      </p>
    </PostForm>
  )
}
