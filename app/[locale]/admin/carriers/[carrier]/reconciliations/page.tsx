import { getLocale, getTranslations } from 'next-intl/server'
import { FileForm } from '#components/form/file-form.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { Time } from '#components/ui/time.tsx'
import { carrierReconciliations, type Reconciliation } from '#features/exchange/reconciliations/data.ts'
import { MAX_LIST_BYTES } from '#features/exchange/reconciliations/rules.ts'
import { carrierStanding } from '#features/exchange/relay/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope } from '#lib/access/scope.ts'
import { titled } from '#messages/page-title.ts'
import { CarrierHeader } from '../carrier-header.tsx'

export const access = 'carrier:attend' satisfies Access

export const generateMetadata = titled('reconciliation', 'title')

/**
 * Renders the comparisons of a carrier's own lists with its book, for the relay and the carrier, and the form for another list.
 */
export default async function ReconciliationsPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/carriers/[carrier]/reconciliations'>) {
  const staff = await requireStaff(access)
  const [{ carrier: id }, { error }, t] = await Promise.all([
    params,
    searchParams,
    getTranslations('reconciliation'),
  ])
  const scope = carrierScope(staff)
  const carrier = scope && (await carrierStanding(scope, id, new Date()))
  if (!carrier) notFoundPage(await getLocale())
  const compared = await carrierReconciliations(staff, carrier.id)
  return (
    <div className="stack-l">
      <CarrierHeader carrier={carrier} current="reconciliations" />
      <p>{t('lead')}</p>
      <Card>
        <h2>{t('upload')}</h2>
        <FileForm
          action={`/api/reconciliations/${carrier.id}`}
          name="listFile"
          label={t('file')}
          hint={t('file_hint')}
          maxBytes={MAX_LIST_BYTES}
          faultsOf="reconciliation"
          fault={error}
          submit={t('send')}
        />
      </Card>
      {compared.length === 0 ? <EmptyState title={t('none')} /> : <Compared rows={compared} />}
    </div>
  )
}

async function Compared({ rows }: { readonly rows: readonly Reconciliation[] }) {
  const t = await getTranslations('reconciliation')
  return (
    <Table
      caption={t('list')}
      columns={[
        {
          head: t('sent'),
          cell: (one) => (
            <Link
              href={{
                pathname: '/admin/carriers/[carrier]/reconciliations/[reconciliation]',
                params: { carrier: one.carrierId, reconciliation: one.id },
              }}
            >
              <Time at={one.uploadedAt} form="stamp" />
            </Link>
          ),
        },
        {
          head: t('state'),
          cell: (one) => (
            <Tag tone={one.state === 'done' ? 'ok' : one.state === 'failed' ? 'bad' : 'wait'}>
              {t(`states.${one.state}`)}
            </Tag>
          ),
        },
        { head: t('phones'), cell: (one) => <span className="num">{one.phones}</span> },
        { head: t('missing'), cell: (one) => <span className="num">{one.missing}</span> },
        { head: t('extra'), cell: (one) => <span className="num">{one.extra}</span> },
        { head: t('foreign'), cell: (one) => <span className="num">{one.foreign}</span> },
      ]}
      rows={rows}
      keyOf={(one) => one.id}
      marks={(one) => ({ 'data-reconciliation': one.id, 'data-reconciliation-state': one.state })}
    />
  )
}
