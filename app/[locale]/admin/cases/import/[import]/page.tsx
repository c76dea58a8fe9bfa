import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { type FaultyCaseRow, type ImportView, readImportView } from '#features/cases/imports/data.ts'
import { RECORD_FIELDS } from '#features/cases/imports/rules.ts'
import { asksForCode, requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { isUuid } from '#lib/uuid.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { pathFor } from '#messages/paths.ts'
import { StepUpField } from '../../../step-up-field.tsx'
import { confirmImportAction, importStepUpAction } from '../actions.ts'
import { ImportTag } from '../import-tag.tsx'

export const access = 'case:import_records' satisfies Access

export const generateMetadata = titled('case-import', 'title')

export default async function ImportedPage({ params }: PageProps<'/[locale]/admin/cases/import/[import]'>) {
  const staff = await requireStaff(access)
  const [{ import: id }, locale, t] = await Promise.all([params, getLocale(), getTranslations('case-import')])
  const view = isUuid(id) ? await readImportView(staff, id, new Date()) : null
  if (view === null) redirect(pathFor(locale, { pathname: '/admin/cases/import', query: { error: 'gone' } }))
  const { state, faultyRows, fresh, known } = view
  return (
    <div
      className="stack-l"
      data-import={view.id}
      data-import-state={state}
      data-import-good={state === 'read' ? fresh.length : view.imported}
      data-import-faulty={faultyRows.length}
    >
      <PageHeader
        kicker={<Link href="/admin/cases/import">{t('title')}</Link>}
        title={t(
          state === 'read' ? 'view.title' : state === 'queued' ? 'view.workingTitle' : 'view.doneTitle',
        )}
        {...(state === 'read' && { lead: t('view.lead') })}
      >
        <p>
          <ImportTag state={state} />
        </p>
        <ul className="prose list-disc space-y-1 pl-5">
          {state === 'read' ? <li>{t('view.good', { count: fresh.length })}</li> : null}
          {state === 'done' ? <li>{t('view.done', { count: view.imported })}</li> : null}
          {known > 0 ? <li>{t('view.known', { count: known })}</li> : null}
          {faultyRows.length > 0 ? <li>{t('view.faulty', { count: faultyRows.length })}</li> : null}
        </ul>
      </PageHeader>
      {state === 'read' ? <Decision view={view} /> : null}
      {state === 'queued' ? <Progress view={view} /> : null}
      {state === 'done' ? (
        <p className="actions">
          <ButtonLink href="/admin/cases">{t('view.queue')}</ButtonLink>
          <span className="text-soft">
            {t('view.kept', { at: formatInstant(locale, view.expiresAt, 'moment') })}
          </span>
        </p>
      ) : null}
      {state === 'done' && view.made.length > 0 ? <MadeCases view={view} /> : null}
      {faultyRows.length > 0 ? <FaultyRows view={view} /> : null}
      {state === 'read' && fresh.length > 0 ? <FreshRows rows={fresh} /> : null}
    </div>
  )
}

const MOST_FRESH = 10

async function FreshRows({ rows }: { readonly rows: ImportView['fresh'] }) {
  const [t, fields, facts] = await Promise.all([
    getTranslations('case-import.view'),
    getTranslations('fields'),
    getTranslations('case-staff.facts'),
  ])
  return (
    <Table
      caption={t('sample')}
      columns={[
        { head: fields('sourceNumber'), cell: ({ record }) => record.sourceNumber },
        { head: fields('incidentType'), cell: ({ record }) => facts(`incident_${record.incidentType}`) },
        {
          head: fields('incidentAt'),
          cell: ({ record }) => (
            <Time at={record.incidentAt} form={record.incidentDayOnly ? 'date' : 'stamp'} />
          ),
        },
        {
          head: fields('imei'),
          cell: ({ record }) =>
            record.imeis.map(({ imei }) => (
              <span key={imei} className="block">
                <Imei value={imei} />
              </span>
            )),
        },
        {
          head: facts('model'),
          cell: ({ record }) => [record.brand, record.model].filter(Boolean).join(' '),
        },
        {
          head: facts('person'),
          cell: ({ person }) =>
            [person.name, person.nationalId, person.contact].filter(Boolean).map((said) => (
              <span key={said} className="wrap-anywhere block">
                {said}
              </span>
            )),
        },
      ]}
      rows={rows.slice(0, MOST_FRESH)}
      keyOf={({ line }) => String(line)}
    />
  )
}

const MOST_FAULTS = 100

async function FaultyRows({ view }: { readonly view: ImportView }) {
  const rows = view.faultyRows
  const [t, fields, faults] = await Promise.all([
    getTranslations('case-import.view'),
    getTranslations('fields'),
    getTranslations('faults.import'),
  ])
  const faultsOf = ({ faults: found }: FaultyCaseRow) => (
    <ul>
      {RECORD_FIELDS.map((field) => {
        const fault = found[field]
        return fault ? (
          <li key={field}>
            {fields(field)}: {faults(fault)}
          </li>
        ) : null
      })}
    </ul>
  )
  return (
    <section className="stack">
      {view.own ? <Mend id={view.id} /> : <p className="text-soft">{t('masked')}</p>}
      <Table
        caption={t('faults')}
        columns={[
          { head: t('line'), phone: 'named', cell: (row) => <span className="num">{row.line}</span> },
          {
            head: t('written'),
            phone: 'below',
            cell: (row) => (
              <span className="wrap-anywhere">
                {RECORD_FIELDS.map((field) => row.typed[field].slice(0, 60))
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            ),
          },
          { head: t('fault'), phone: 'below', cell: faultsOf },
        ]}
        rows={rows.slice(0, MOST_FAULTS)}
        keyOf={(row) => String(row.line)}
        marks={(row) => ({ 'data-fault-line': row.line })}
      />
      {rows.length > MOST_FAULTS ? <p>{t('more', { count: rows.length - MOST_FAULTS })}</p> : null}
    </section>
  )
}

/** Offers the rows for download after a fresh code, because they contain complete personal data. */
async function Mend({ id }: { readonly id: string }) {
  const [t, asks] = await Promise.all([getTranslations('case-import.view'), asksForCode('file')])
  return (
    <>
      {asks ? (
        <ActionForm action={importStepUpAction} className="stack">
          <HiddenField name="importId" value={id} />
          <StepUpField kind="file" />
          <p className="actions">
            <SubmitButton look="quiet">{t('mendCode')}</SubmitButton>
          </p>
        </ActionForm>
      ) : (
        <p>
          <a href={`/api/import/${id}`}>{t('mend')}</a>
        </p>
      )}
      <p className="text-soft">{t('mendText')}</p>
    </>
  )
}

async function MadeCases({ view: { made, imported } }: { readonly view: ImportView }) {
  const t = await getTranslations('case-import.view')
  return (
    <section className="stack">
      <h2>{t('made')}</h2>
      <ul className="list-disc space-y-1 pl-5">
        {made.map(({ line, number }) => (
          <li key={number} data-made-line={line}>
            {t('madeLine', { line })}{' '}
            <Link href={{ pathname: '/admin/cases/[number]', params: { number } }}>
              <span className="num">{number}</span>
            </Link>
          </li>
        ))}
      </ul>
      {imported > made.length ? <p>{t('moreMade', { count: imported - made.length })}</p> : null}
    </section>
  )
}

async function Decision({ view }: { readonly view: ImportView }) {
  const t = await getTranslations('case-import.view')
  if (!view.own) {
    return (
      <Notice tone="info">
        <p>{t('notOwn')}</p>
      </Notice>
    )
  }
  return (
    <div className="actions">
      {view.fresh.length > 0 ? (
        <ActionForm action={confirmImportAction} className="">
          <HiddenField name="importId" value={view.id} />
          <SubmitButton>{t('confirm', { count: view.fresh.length })}</SubmitButton>
        </ActionForm>
      ) : null}
      <ButtonLink href="/admin/cases/import" look="quiet">
        {t('back')}
      </ButtonLink>
    </div>
  )
}

async function Progress({ view: { id, processed, good } }: { readonly view: ImportView }) {
  const t = await getTranslations('case-import.view')
  return (
    <Card>
      <label className="block space-y-2">
        <span>{t('progress', { done: processed, good })}</span>
        <progress max={good} value={processed} />
      </label>
      <p className="text-soft">{t('workingText')}</p>
      <p>
        <Link href={{ pathname: '/admin/cases/import/[import]', params: { import: id } }}>{t('look')}</Link>
      </p>
    </Card>
  )
}
