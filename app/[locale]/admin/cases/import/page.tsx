import { getLocale, getTranslations } from 'next-intl/server'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { FileForm } from '#components/form/file-form.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { allUnits, type PoliceUnit } from '#features/areas/data.ts'
import { MAX_CSV_BYTES } from '#features/cases/found/rules.ts'
import { type ImportSummary, listImports } from '#features/cases/imports/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { nameStaff } from '../../name-of.ts'
import { ImportTag } from './import-tag.tsx'

export const access = 'case:import_records' satisfies Access

/** Returns whether records can be imported for a unit: only districts and wards have their own files. */
const isServed = ({ inForce, kind }: PoliceUnit): boolean =>
  inForce && (kind === 'district' || kind === 'ward')

export const generateMetadata = titled('case-import', 'title')

export default async function ImportPage({ searchParams }: PageProps<'/[locale]/admin/cases/import'>) {
  const staff = await requireStaff(access)
  const [t, queue, { error }, units, recent] = await Promise.all([
    getTranslations('case-import'),
    getTranslations('case-staff.queue'),
    searchParams,
    allUnits(),
    listImports(staff),
  ])
  return (
    <div className="stack-l">
      <PageHeader
        kicker={<Link href="/admin/cases">{queue('title')}</Link>}
        title={t('title')}
        lead={t('lead')}
      />
      <Notice tone="info">
        <p>{t('rule')}</p>
      </Notice>
      <Card>
        <h2>{t('file')}</h2>
        <ImportForm
          fault={error}
          units={staff.unitId === null ? units.filter(isServed) : []}
          unitId={staff.unitId}
        />
      </Card>
      {recent.length === 0 ? null : <Recent recent={recent} units={units} />}
    </div>
  )
}

async function Recent({
  recent,
  units,
}: {
  readonly recent: readonly ImportSummary[]
  readonly units: readonly PoliceUnit[]
}) {
  const t = await getTranslations('case-import')
  const names = await Promise.all(recent.map(({ unitId }) => nameStaff(units, unitId)))
  return (
    <Table
      caption={t('recent')}
      columns={[
        {
          head: t('at'),
          cell: (one) => (
            <Link href={{ pathname: '/admin/cases/import/[import]', params: { import: one.id } }}>
              <Time at={one.confirmedAt ?? one.readAt} form="stamp" />
            </Link>
          ),
        },
        { head: t('area'), cell: (_, index) => names[index] },
        { head: t('state'), cell: (one) => <ImportTag state={one.state} /> },
        { head: t('cases'), cell: (one) => <span className="num">{one.imported}</span> },
      ]}
      rows={recent}
      keyOf={(one) => one.id}
      marks={(one) => ({ 'data-import': one.id, 'data-import-state': one.state })}
    />
  )
}

async function ImportForm({
  fault,
  units,
  unitId,
}: {
  readonly fault: string | string[] | undefined
  readonly units: readonly PoliceUnit[]
  readonly unitId: string | null
}) {
  const [t, locale] = await Promise.all([getTranslations('case-import'), getLocale()])
  const options = await Promise.all(
    units.map(async ({ id }) => ({ value: id, label: (await nameStaff(units, id)) ?? id })),
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
