import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field, HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { carrierNames } from '#features/exchange/carriers/data.ts'
import { listDrills } from '#features/exchange/drills/data.ts'
import { DRILL_PHASES, DRILL_PHONES, drillState } from '#features/exchange/drills/rules.ts'
import { DrillStateTag } from '#features/exchange/orders/state-tags.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { carrierScope, reachesCarrier } from '#lib/access/scope.ts'
import { titled } from '#messages/page-title.ts'
import { startDrillAction } from './actions.ts'

export const access = 'drill:run' satisfies Access

export const generateMetadata = titled('drills', 'title')

export default async function DrillsPage({ searchParams }: PageProps<'/[locale]/admin/drills'>) {
  const staff = await requireStaff(access)
  const scope = carrierScope(staff)
  if (!scope) notFoundPage(await getLocale())
  const { after } = await searchParams
  const cursor = typeof after === 'string' ? after : ''
  const [t, { drills, next }, carriers] = await Promise.all([
    getTranslations('drills'),
    listDrills(scope, cursor),
    carrierNames(),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <Card>
        <h2>{t('start')}</h2>
        <StartForm carriers={carriers.filter(({ id }) => reachesCarrier(scope, id))} />
      </Card>
      {drills.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <Table
          caption={t('list')}
          columns={[
            {
              head: t('started'),
              cell: (drill) => (
                <Link href={{ pathname: '/admin/drills/[drill]', params: { drill: drill.id } }}>
                  <Time at={drill.startedAt} form="stamp" />
                </Link>
              ),
            },
            { head: t('carrier'), cell: (drill) => drill.carrier.name },
            { head: t('phones'), cell: (drill) => <span className="num">{drill.phones}</span> },
            { head: t('state'), cell: (drill) => <DrillStateTag state={drillState(drill)} /> },
          ]}
          rows={drills}
          keyOf={(drill) => drill.id}
          marks={(drill) => ({ 'data-drill': drill.id, 'data-drill-state': drillState(drill) })}
        />
      )}
      <Pagination
        {...(cursor !== '' && { previous: '/admin/drills' })}
        {...(next !== null && { next: { pathname: '/admin/drills', query: { after: next } } })}
      />
    </div>
  )
}

const HOUR = 60
const initial = { phones: '5', phaseMinutes: String(DRILL_PHASES[0]) }

async function StartForm({
  carriers,
}: {
  readonly carriers: readonly { readonly id: string; readonly name: string }[]
}) {
  const t = await getTranslations('drills')
  const [only, ...others] = carriers
  return (
    <ActionForm action={startDrillAction} initial={initial} className="stack">
      {only && others.length === 0 ? (
        <HiddenField name="carrierId" value={only.id} />
      ) : (
        <Select
          name="carrierId"
          label={t('carrier')}
          placeholder={t('choose')}
          options={carriers.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <Field
        name="phones"
        label={t('phones')}
        hint={t('phones_hint', DRILL_PHONES)}
        inputMode="numeric"
        width="short"
      />
      <Radios
        name="phaseMinutes"
        label={t('phase')}
        hint={t('phase_hint')}
        options={DRILL_PHASES.map((minutes) => ({
          value: String(minutes),
          label: minutes < HOUR ? t('minutes', { count: minutes }) : t('hours', { count: minutes / HOUR }),
        }))}
      />
      <p>{t('does')}</p>
      <p className="actions">
        <SubmitButton>{t('button')}</SubmitButton>
      </p>
    </ActionForm>
  )
}
