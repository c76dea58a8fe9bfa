import { getFormatter, getLocale, getTranslations } from 'next-intl/server'
import { CITY } from '#cities/city.ts'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { summarizeVolumes } from '#features/ratings/volumes/data.ts'
import { COVERAGE_LEAST } from '#features/ratings/volumes/rules.ts'
import { monthLabel } from '#features/results/rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { importBenchmarksAction, importVolumesAction } from './actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-admin.volumes', 'title')

export default async function VolumesPage({ searchParams }: PageProps<'/[locale]/admin/survey/volumes'>) {
  const staff = await requireStaff(access)
  const [t, benchmarks, locale, format, { done }, told] = await Promise.all([
    getTranslations('survey-admin.volumes'),
    getTranslations('survey-admin.benchmarks'),
    getLocale(),
    getFormatter(),
    searchParams,
    summarizeVolumes(staff),
  ])
  const count = typeof done === 'string' && /^\d{1,6}$/.test(done) ? Number(done) : null
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead', { least: COVERAGE_LEAST })} />
      {count === null ? null : <DoneNotice title={t('done', { count })} />}
      <Card>
        <ActionForm action={importVolumesAction} className="stack">
          <TextArea
            name="table"
            label={t('table')}
            hint={t('tableHint', { example: CITY.example })}
            rows={8}
          />
          <Field name="source" label={t('source')} hint={t('sourceHint')} />
          <p className="actions">
            <SubmitButton>{t('submit')}</SubmitButton>
          </p>
        </ActionForm>
      </Card>
      <section className="stack" aria-labelledby="benchmarks">
        <h2 id="benchmarks">{benchmarks('title')}</h2>
        <p>{benchmarks('lead')}</p>
        <Card>
          <ActionForm action={importBenchmarksAction} scope="benchmarks" className="stack">
            <TextArea
              name="table"
              label={t('table')}
              hint={benchmarks('tableHint', { example: CITY.example })}
              rows={5}
            />
            <Field name="source" label={t('source')} hint={benchmarks('sourceHint')} />
            <p className="actions">
              <SubmitButton>{t('submit')}</SubmitButton>
            </p>
          </ActionForm>
        </Card>
      </section>
      <section className="stack" aria-labelledby="told">
        <h2 id="told">{t('told')}</h2>
        {told.length === 0 ? (
          <p className="text-soft">{t('none')}</p>
        ) : (
          <Table
            caption={t('told')}
            captionHidden
            columns={[
              { head: t('month'), cell: ({ month }) => monthLabel(locale, month) },
              { head: t('source'), phone: 'below', cell: ({ source }) => source },
              { head: t('rows'), align: 'end', cell: ({ rows }) => format.number(rows) },
              { head: t('cases'), align: 'end', cell: ({ cases }) => format.number(cases) },
              { head: t('on'), cell: ({ toldOn }) => formatDate(locale, toldOn) },
            ]}
            rows={told}
            keyOf={({ month, source }) => `${month} ${source}`}
            marks={({ month, cases }) => ({ 'data-month': month, 'data-cases': cases })}
          />
        )}
      </section>
    </div>
  )
}
