import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { imeiGroups, Num } from '#components/ui/num.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FaultyCaseRow, ImportView } from '#features/cases/imports/data.ts'
import { RECORD_FIELDS } from '#features/cases/imports/rules.ts'
import { asksForCode } from '#http/session.ts'
import { StepUpField } from '../../../step-up-field.tsx'
import { importStepUpAction } from '../actions.ts'

const MOST_FAULTS = 100
const MOST_FRESH = 10

/** Renders each row that becomes no case, with each of its faults beside the name of its column. */
export async function FaultyRows({ view }: { readonly view: ImportView }) {
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

/** Offers the rows for download, once a fresh code is given: they hold people's data whole. */
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

export async function FreshRows({ rows }: { readonly rows: ImportView['fresh'] }) {
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
                <Num value={imei} groups={imeiGroups} />
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
