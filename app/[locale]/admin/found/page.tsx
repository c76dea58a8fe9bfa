import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Field } from '#components/form/field.tsx'
import { FileForm } from '#components/form/file-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import type { FoundRecord } from '#features/cases/found/data.ts'
import { listFoundPhones, readFoundPhone } from '#features/cases/found/page-data.ts'
import { MAX_CSV_BYTES } from '#features/cases/found/rules.ts'
import { isRecoveryOn } from '#features/recovery/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatImei } from '#lib/imei/imei.ts'
import { localDate } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { addFoundAction } from './actions.ts'
import { FoundTag } from './found-tag.tsx'

export const access = 'found:manage' satisfies Access

export const generateMetadata = titled('found', 'title')

export default async function FoundPage({ searchParams }: PageProps<'/[locale]/admin/found'>) {
  const staff = await requireStaff(access)
  const query = await searchParams
  const text = (name: string) => (typeof query[name] === 'string' ? query[name].slice(0, 300) : '')
  const id = (name: string) => (isUuid(text(name)) ? text(name) : null)
  const addedId = id('added')
  const [t, locale, { phones, next }, added] = await Promise.all([
    getTranslations('found'),
    getLocale(),
    listFoundPhones(staff, id('after')),
    addedId === null ? null : readFoundPhone(staff, addedId),
  ])
  const uploaded = /^\d{1,5}$/.test(text('uploaded')) ? Number(text('uploaded')) : null
  const initial = {
    foundOn: text('foundOn') || localDate(new Date()),
    foundPlace: text('foundPlace'),
    custody: text('custody'),
  }
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {isRecoveryOn() ? (
        <p>
          <Link href="/admin/recovery">{t('recovery')}</Link>
        </p>
      ) : null}
      {added || uploaded !== null ? (
        <div role="status">
          <Notice
            tone="ok"
            title={
              added ? t('added', { imei: formatImei(added.imei) }) : t('uploaded', { count: uploaded ?? 0 })
            }
          />
        </div>
      ) : null}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Card>
          <h2>{t('add')}</h2>
          <AddForm key={addedId ?? ''} initial={initial} />
        </Card>
        <Card>
          <h2>{t('upload')}</h2>
          <FileForm
            action="/api/found"
            name="foundFile"
            label={t('file')}
            hint={t('uploadText')}
            maxBytes={MAX_CSV_BYTES}
            faultsOf="found"
            fault={query.error}
            submit={t('read')}
            look="quiet"
            template={`/found-phones-${locale}.csv`}
          />
        </Card>
      </div>
      {phones.length === 0 ? <EmptyState title={t('none')} /> : <FoundTable phones={phones} />}
      {next === null ? null : <Pagination next={{ pathname: '/admin/found', query: { after: next } }} />}
    </div>
  )
}

/**
 * Renders the form that adds a found phone. It is made for a scanner: the IMEI field has the focus, and the values that a batch
 * of phones shares stay filled in.
 */
async function AddForm({ initial }: { readonly initial: Readonly<Record<string, string>> }) {
  const t = await getTranslations('found')
  return (
    <ActionForm action={addFoundAction} initial={initial} className="stack">
      <Field
        name="imei"
        label={t('scan')}
        hint={t('scanHint')}
        inputMode="numeric"
        look="number"
        width="medium"
        focused
      />
      <Field name="foundOn" label={t('foundOn')} type="date" width="medium" />
      <Field name="foundPlace" label={t('foundPlace')} />
      <Field name="custody" label={t('custody')} hint={t('custodyHint')} />
      <Field name="note" label={t('note')} hint={t('noteHint')} optional />
      <p className="actions">
        <SubmitButton>{t('addButton')}</SubmitButton>
      </p>
    </ActionForm>
  )
}

async function FoundTable({ phones }: { readonly phones: readonly FoundRecord[] }) {
  const t = await getTranslations('found')
  return (
    <Table
      caption={t('list')}
      columns={[
        {
          head: t('scan'),
          cell: (phone) => (
            <Link href={{ pathname: '/admin/found/[phone]', params: { phone: phone.id } }}>
              <Imei value={phone.imei} />
            </Link>
          ),
        },
        { head: t('state'), cell: (phone) => <FoundTag state={phone.state} /> },
        {
          head: t('case'),
          cell: (phone) => (phone.case ? <span className="num">{phone.case.number}</span> : null),
        },
        { head: t('foundOn'), cell: (phone) => <Time at={phone.foundOn} form="date" /> },
        { head: t('custody'), cell: (phone) => phone.custody },
      ]}
      rows={phones}
      keyOf={(phone) => phone.id}
      marks={(phone) => ({ 'data-found': phone.imei, 'data-found-state': phone.state })}
    />
  )
}
