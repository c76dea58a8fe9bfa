import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Figures } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Imei } from '#components/ui/num.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import {
  type DifferencesPage,
  differences,
  type Reconciliation,
  reconciliation,
} from '#features/exchange/reconciliations/data.ts'
import {
  DIFFERENCE_KINDS,
  type DifferenceKind,
  REPAIRABLE,
} from '#features/exchange/reconciliations/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import type { Route } from '#messages/paths.ts'
import { StepUpField } from '../../../../step-up-field.tsx'
import { askRepairAction } from './actions.ts'

export const access = 'carrier:attend' satisfies Access

export const generateMetadata = titled('reconciliation', 'title')

const ROWS_A_PAGE = 50
const FIGURES = ['phones', 'matched', 'pending', 'invalid'] as const

export default async function ReconciliationPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/carriers/[carrier]/reconciliations/[reconciliation]'>) {
  const staff = await requireStaff(access)
  const [{ carrier, reconciliation: typed }, query, t] = await Promise.all([
    params,
    searchParams,
    getTranslations('reconciliation'),
  ])
  const id = z.uuid().safeParse(typed)
  const one = id.success ? await reconciliation(staff, id.data) : null
  if (one?.carrierId !== carrier) notFoundPage(await getLocale())
  const kind = DIFFERENCE_KINDS.find((known) => known === query.kind) ?? 'missing'
  const after = typeof query.after === 'string' && /^\d{14}$/.test(query.after) ? query.after : ''
  const [page, carriers] = await Promise.all([differences(one, kind, after, ROWS_A_PAGE), carrierNames()])
  const route = (change: { readonly kind?: DifferenceKind; readonly after?: string }) => ({
    pathname: '/admin/carriers/[carrier]/reconciliations/[reconciliation]' as const,
    params: { carrier, reconciliation: one.id },
    query: { kind, ...change },
  })
  return (
    <div className="stack-l" data-reconciliation-state={one.state}>
      <PageHeader kicker={carriers.find(({ id }) => id === carrier)?.name ?? carrier} title={t('title')} />
      {one.state === 'done' ? null : (
        <Notice tone={one.state === 'failed' ? 'bad' : 'wait'} title={t(`states.${one.state}`)}>
          <p>{t(`states_text.${one.state}`)}</p>
        </Notice>
      )}
      <p>{t('taken_at', { seq: Number(one.atSeq) })}</p>
      <Figures items={FIGURES.map((key) => ({ key, value: one[key], label: t(key) }))} />
      <Tabs
        label={t('kinds')}
        tabs={DIFFERENCE_KINDS.map((key) => ({
          key,
          href: route({ kind: key }),
          label: `${t(key)} (${one[key]})`,
          current: key === kind,
        }))}
      />
      <p>{t(`text.${kind}`)}</p>
      <Repair one={one} kind={kind} mayAsk={may(staff.role, 'order:retry')} />
      <Rows
        kind={kind}
        page={page}
        orderRoute={(order) =>
          may(staff.role, 'order:read')
            ? { pathname: '/admin/orders/[order]', params: { order } }
            : { pathname: '/admin/carriers/[carrier]/orders/[order]', params: { carrier, order } }
        }
      />
      <Pagination
        {...(after !== '' && { previous: route({}) })}
        {...(page.next !== null && { next: route({ after: page.next }) })}
      />
      <p>
        <Link href={{ pathname: '/admin/carriers/[carrier]/reconciliations', params: { carrier } }}>
          {t('back')}
        </Link>
      </p>
    </div>
  )
}

async function Repair({
  one,
  kind,
  mayAsk,
}: {
  readonly one: Reconciliation
  readonly kind: DifferenceKind
  readonly mayAsk: boolean
}) {
  const repairable = REPAIRABLE.find((known) => known === kind)
  if (!repairable || one.state !== 'done' || one[repairable] === 0) return null
  const t = await getTranslations('reconciliation')
  const asked = repairable === 'missing' ? one.repairMissingById : one.repairExtraById
  if (asked !== null) return <Notice tone="info" title={t(`repaired.${repairable}`)} />
  if (!mayAsk) return <Notice tone="info" title={t('repair.by_relay')} />
  return (
    <Card>
      <h2>{t(`repair.${repairable}`)}</h2>
      <p>{t('repair.text')}</p>
      <ActionForm action={askRepairAction} scope="repair" className="stack">
        <HiddenField name="id" value={one.id} />
        <HiddenField name="kind" value={repairable} />
        <StepUpField />
        <SubmitButton>{t(`repair.button_${repairable}`, { count: one[repairable] })}</SubmitButton>
      </ActionForm>
    </Card>
  )
}

async function Rows({
  kind,
  page,
  orderRoute,
}: {
  readonly kind: DifferenceKind
  readonly page: DifferencesPage
  readonly orderRoute: (id: string) => Route
}) {
  const t = await getTranslations('reconciliation')
  if (page.differences.length === 0) return <EmptyState title={t('no_rows')} />
  const order = (id: string, words: string) => <Link href={orderRoute(id)}>{words}</Link>
  return (
    <Table
      caption={t(kind)}
      captionHidden
      columns={[
        { head: t('imei'), cell: ({ imei }) => <Imei value={imei} /> },
        {
          head: t('order'),
          cell: ({ orderId }) => (orderId === null ? null : order(orderId, t('see_order'))),
        },
        {
          head: t('repair_order'),
          cell: ({ repairId, overtaken }) =>
            repairId === null ? (overtaken ? t('overtaken') : null) : order(repairId, t('see_repair')),
        },
      ]}
      rows={page.differences}
      keyOf={({ key14 }) => key14}
      marks={() => ({ 'data-difference': kind })}
    />
  )
}
