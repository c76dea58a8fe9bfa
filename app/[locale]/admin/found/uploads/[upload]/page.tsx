import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Imei } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { readUploadPreview } from '#features/cases/found/page-data.ts'
import { FOUND_FIELDS, type FoundRow } from '#features/cases/found/rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { confirmUploadAction } from '../../actions.ts'

export const access = 'found:manage' satisfies Access

export const generateMetadata = titled('found.preview', 'title')

const MOST_SHOWN = 100

export default async function UploadPage({ params }: PageProps<'/[locale]/admin/found/uploads/[upload]'>) {
  const staff = await requireStaff(access)
  const [{ upload }, locale, t] = await Promise.all([params, getLocale(), getTranslations('found.preview')])
  const preview = isUuid(upload) ? await readUploadPreview(staff, upload, new Date()) : null
  if (preview === null) redirect(pathFor(locale, { pathname: '/admin/found', query: { error: 'gone' } }))
  const { good, kept, faulty, sample } = preview
  return (
    <div className="stack-l" data-upload-good={good} data-upload-faulty={faulty.length}>
      <PageHeader title={t('title')} lead={t('lead')}>
        <ul className="prose list-disc space-y-1 pl-5">
          <li>{t('good', { count: good })}</li>
          {kept > 0 ? <li>{t('kept', { count: kept })}</li> : null}
          {faulty.length > 0 ? <li>{t('faulty', { count: faulty.length })}</li> : null}
        </ul>
      </PageHeader>
      <div className="actions">
        {good > 0 ? (
          <ActionForm action={confirmUploadAction} className="">
            <HiddenField name="uploadId" value={upload} />
            <SubmitButton>{t('confirm', { count: good })}</SubmitButton>
          </ActionForm>
        ) : null}
        <ButtonLink href="/admin/found" look="quiet">
          {t('back')}
        </ButtonLink>
      </div>
      <Faults rows={faulty} />
      <Sample rows={sample} />
    </div>
  )
}

async function Faults({ rows }: { readonly rows: readonly FoundRow[] }) {
  if (rows.length === 0) return null
  const [t, fields, faults] = await Promise.all([
    getTranslations('found.preview'),
    getTranslations('fields'),
    getTranslations('faults.found'),
  ])
  return (
    <section className="stack">
      <Table
        caption={t('faults')}
        columns={[
          { head: t('line'), phone: 'named', cell: ({ line }) => <span className="num">{line}</span> },
          {
            head: t('written'),
            phone: 'below',
            cell: ({ typed }) => (
              <span className="wrap-anywhere">
                {FOUND_FIELDS.map((field) => typed[field].slice(0, 60)).join(' · ')}
              </span>
            ),
          },
          {
            head: t('fault'),
            phone: 'below',
            cell: ({ read }) => (
              <ul>
                {read.ok
                  ? null
                  : FOUND_FIELDS.map((field) => {
                      const fault = read.error[field]
                      return fault ? (
                        <li key={field}>
                          {fields(field)}: {faults(fault)}
                        </li>
                      ) : null
                    })}
              </ul>
            ),
          },
        ]}
        rows={rows.slice(0, MOST_SHOWN)}
        keyOf={({ line }) => String(line)}
        marks={({ line }) => ({ 'data-fault-line': line })}
      />
      {rows.length > MOST_SHOWN ? <p>{t('more', { count: rows.length - MOST_SHOWN })}</p> : null}
    </section>
  )
}

async function Sample({ rows }: { readonly rows: readonly FoundRow[] }) {
  const good = rows.flatMap(({ line, read }) => (read.ok ? [{ line, ...read.value }] : []))
  if (good.length === 0) return null
  const [t, fields] = await Promise.all([getTranslations('found.preview'), getTranslations('fields')])
  return (
    <Table
      caption={t('sample')}
      columns={FOUND_FIELDS.map((field) => ({
        head: fields(field),
        cell: (phone: (typeof good)[number]) =>
          field === 'imei' ? (
            <Imei value={phone.imei} />
          ) : field === 'foundOn' ? (
            <Time at={new Date(phone.foundOn)} form="date" />
          ) : (
            phone[field]
          ),
      }))}
      rows={good}
      keyOf={({ line }) => String(line)}
    />
  )
}
