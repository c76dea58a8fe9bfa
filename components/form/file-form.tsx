import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { fileSize } from '#lib/file-size.ts'
import { translateUntrustedKey } from '#messages/sentence.ts'
import { FileField } from './file-field.tsx'
import { PostForm } from './post-form.tsx'
import { SubmitButton } from './submit-button.tsx'

export async function FileForm({
  action,
  name,
  label,
  hint,
  maxBytes,
  faultsOf,
  fault,
  fieldOf = {},
  submit,
  look = 'primary',
  template,
  children,
}: {
  /** The route handler's address: a server action does not accept a body of this size. */
  readonly action: string
  readonly name: string
  readonly label: string
  readonly hint: string
  readonly maxBytes: number
  readonly faultsOf: 'found' | 'import' | 'reconciliation'
  /** The error code that the handler put into the page's address. */
  readonly fault: string | string[] | undefined
  readonly fieldOf?: Readonly<Record<string, string>>
  readonly submit: string
  readonly look?: 'primary' | 'quiet'
  /** Address of an empty CSV file that has only the header. */
  readonly template?: `/${string}.csv`
  readonly children?: ReactNode
}) {
  const [locale, t, faults] = await Promise.all([
    getLocale(),
    getTranslations('common.file'),
    getTranslations('faults'),
  ])
  const told =
    translateUntrustedKey(faults, `${faultsOf}.${fault}`) ?? translateUntrustedKey(faults, `file.${fault}`)
  const errors = told === null ? {} : { [fieldOf[String(fault)] ?? name]: told }
  return (
    <PostForm
      action={action}
      encoding="multipart"
      scope="upload"
      className="stack"
      state={{ values: {}, errors }}
    >
      {children}
      <FileField
        name={name}
        label={label}
        hint={hint}
        accept=".csv,.txt,text/csv,text/plain"
        maxFiles={1}
        maxBytes={maxBytes}
        // The browser fills in the placeholders.
        words={{
          pick: t('pick'),
          pickOthers: t('pickOthers'),
          chosen: t('chosen'),
          drop: t('drop'),
          dropWhich: t.raw('dropWhich'),
          tooLarge: t('tooLarge', { size: fileSize(maxBytes, locale) }),
          tooMany: t('tooMany'),
          sending: t.raw('sending'),
          checking: t('checking'),
          broken: t('broken'),
          away: t('away'),
        }}
      />
      {template === undefined ? null : (
        <p>
          <a href={template} download>
            {t('template')}
          </a>
        </p>
      )}
      <p className="actions">
        <SubmitButton look={look}>{submit}</SubmitButton>
      </p>
    </PostForm>
  )
}
