import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { Radios, Select } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { SummaryList } from '#components/ui/summary-list.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { ReleaseTag } from '#features/exchange/orders/state-tags.tsx'
import { type CountedRelease, listReleases, releaseModes } from '#features/exchange/releases/data.ts'
import { RELEASE_MODES, type ReleaseMode } from '#features/exchange/releases/rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import type { FormAction } from '#lib/form-state.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../../may-decide.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { setReleaseModeAction } from './actions.ts'

export const access = 'order:read' satisfies Access

export const generateMetadata = titled('releases', 'title')

export default async function ReleasesPage({ searchParams }: PageProps<'/[locale]/admin/orders/releases'>) {
  const staff = await requireStaff(access)
  const { after } = await searchParams
  const [t, orders, carriers, page] = await Promise.all([
    getTranslations('releases'),
    getTranslations('exchange.orders'),
    releaseModes(staff),
    listReleases(staff, isUuid(after) ? after : null),
  ])
  const names = new Map(carriers.map(({ id, name }) => [id, name]))
  return (
    <div className="stack-l">
      <PageHeader
        kicker={<Link href="/admin/orders">{orders('title')}</Link>}
        title={t('title')}
        lead={t('lead')}
      />
      {page.open.length > 0 ? (
        <Releases caption={t('open')} rows={page.open} names={names} />
      ) : (
        <EmptyState title={t('none')}>
          <p>{t('none_text')}</p>
        </EmptyState>
      )}
      {page.all.length > 0 ? <Releases caption={t('done')} rows={page.all} names={names} /> : null}
      {page.next === null ? null : (
        <Pagination next={{ pathname: '/admin/orders/releases', query: { after: page.next } }} />
      )}
      {may(staff.role, 'order:release') ? (
        <MayDecide>
          <ReleaseModes action={setReleaseModeAction} carriers={carriers} stepUp={<StepUpField />} />
        </MayDecide>
      ) : null}
    </div>
  )
}

async function Releases({
  caption,
  rows,
  names,
}: {
  readonly caption: string
  readonly rows: readonly CountedRelease[]
  readonly names: ReadonlyMap<string, string>
}) {
  const t = await getTranslations('releases')
  return (
    <Table
      caption={caption}
      columns={[
        {
          head: t('opened'),
          cell: (release) => (
            <Link href={{ pathname: '/admin/orders/releases/[release]', params: { release: release.id } }}>
              <Time at={release.openedAt} form="stamp" />
            </Link>
          ),
        },
        {
          head: t('cause'),
          cell: (release) =>
            release.carrierId === null
              ? t('causes.guard')
              : t('causes.choice', { carrier: names.get(release.carrierId) ?? release.carrierId }),
        },
        { head: t('cases'), cell: (release) => <span className="num">{release.cases}</span> },
        { head: t('waiting'), cell: (release) => <span className="num">{release.waiting}</span> },
        {
          head: t('state'),
          cell: (release) => <ReleaseTag state={release.dropped ? 'waiting' : release.state} />,
        },
      ]}
      rows={rows}
      keyOf={(release) => release.id}
      marks={(release) => ({ 'data-release': release.id, 'data-release-state': release.state })}
    />
  )
}

async function ReleaseModes({
  carriers,
  action,
  stepUp,
}: {
  readonly carriers: readonly {
    readonly id: string
    readonly name: string
    readonly releaseMode: ReleaseMode
    readonly releaseTimes: readonly string[]
  }[]
  readonly action: FormAction
  readonly stepUp: ReactNode
}) {
  const t = await getTranslations('releases.mode')
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <SummaryList
        rows={carriers.map(({ id, name, releaseMode, releaseTimes }) => ({
          key: id,
          term: name,
          value: releaseMode === 'at_times' ? t('at', { times: releaseTimes.join(', ') }) : t(releaseMode),
        }))}
      />
      <ActionForm action={action} scope="mode" initial={{ releaseMode: 'automatic' }} className="stack">
        <Select
          name="carrierId"
          label={t('carrier')}
          placeholder={t('all')}
          options={carriers.map(({ id, name }) => ({ value: id, label: name }))}
        />
        <Radios
          name="releaseMode"
          label={t('how')}
          options={RELEASE_MODES.map((mode) => ({ value: mode, label: t(mode), hint: t(`${mode}_hint`) }))}
        />
        <Field name="releaseTimes" label={t('times')} hint={t('times_hint')} width="medium" optional />
        {stepUp}
        <p className="actions">
          <SubmitButton look="quiet">{t('save')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
