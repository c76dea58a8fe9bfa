import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { allUnits, type PoliceUnit } from '#features/areas/queries.ts'
import { QueueTable } from '#features/cases/components/queue-table.tsx'
import { findCases, type QueueRow, queuePage } from '#features/cases/queries/queue.ts'
import { objectionsWaiting } from '#features/objections/queries/queue.ts'
import { openForSession } from '#http/sealed.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { Figures } from './figures.tsx'
import { type Query, queryOf, readQuery, toRoute } from './query.ts'
import { Toolbar } from './toolbar.tsx'

export const access = 'case:read' satisfies Access

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('case-staff'))('queue.title') }
}

/** A unit that has cases in the edition in force: a ward's, a district's, or a desk's. */
const hasCases = ({ inForce, kind }: PoliceUnit): boolean => inForce && kind !== 'city'

interface Props {
  readonly searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function CasesPage({ searchParams }: Props) {
  const staff = await requireStaff(access)
  const [t, sent, areas] = await Promise.all([getTranslations('case-staff'), searchParams, allUnits()])
  const query = readQuery(sent, areas)
  const search = query.found === null ? null : await openForSession<string>('case-search', query.found)
  const now = new Date()
  return (
    <div className="stack">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <h1>{t('queue.title')}</h1>
        <div className="actions">
          <ButtonLink href="/admin/cases/new" look="quiet" size="small">
            {t('queue.file')}
          </ButtonLink>
          <ButtonLink href="/admin/cases/import" look="quiet" size="small">
            {t('queue.import')}
          </ButtonLink>
        </div>
      </div>
      <Figures staff={staff} now={now} />
      <Objections staff={staff} now={now} />
      <Toolbar query={query} areas={staff.role === 'city_police' ? areas.filter(hasCases) : []} />
      {search === null ? (
        <Queue staff={staff} query={query} areas={areas} now={now} />
      ) : (
        <Results staff={staff} search={search} areas={areas} now={now} />
      )}
    </div>
  )
}

/** Objections are decided on a page of their own; what waits there is not overlooked here. */
async function Objections({ staff, now }: { readonly staff: StaffActor; readonly now: Instant }) {
  const [t, { open, overdue }] = await Promise.all([
    getTranslations('objection-staff'),
    objectionsWaiting(staff, now),
  ])
  if (open === 0) return null
  return (
    <Notice tone={overdue > 0 ? 'bad' : 'wait'} title={t('banner', { open, overdue })}>
      <p>
        <Link href="/admin/objections">{t('banner_link')}</Link>
      </p>
    </Notice>
  )
}

interface ListProps {
  readonly staff: StaffActor
  readonly areas: readonly PoliceUnit[]
  readonly now: Instant
}

async function Queue({ staff, query, areas, now }: ListProps & { readonly query: Query }) {
  const t = await getTranslations('case-staff')
  const page = await queuePage(staff, query.filter, query.from)
  if (page.rows.length === 0) return <EmptyState title={t('queue.empty')} />
  return (
    <>
      <QueueTable lines={await linesOf(page.rows, staff, areas)} now={now} />
      <Pagination
        {...(page.previous && { previous: toRoute(queryOf(query.filter), 'before', page.previous) })}
        {...(page.next && { next: toRoute(queryOf(query.filter), 'after', page.next) })}
      />
    </>
  )
}

async function Results({ staff, search, areas, now }: ListProps & { readonly search: string }) {
  const t = await getTranslations('case-staff')
  const found = await findCases(staff, search, now)
  return (
    <>
      <p role="status">
        {t('queue.found', { count: found?.rows.length ?? 0 })}{' '}
        <Link href="/admin/cases">{t('queue.back')}</Link>
      </p>
      {found?.more ? <Notice tone="info">{t('queue.more')}</Notice> : null}
      {found && found.rows.length > 0 ? (
        <QueueTable lines={await linesOf(found.rows, staff, areas)} now={now} />
      ) : (
        <EmptyState title={t('queue.none')}>
          <p>{t('queue.none_text')}</p>
        </EmptyState>
      )}
    </>
  )
}

async function linesOf(rows: readonly QueueRow[], staff: StaffActor, areas: readonly PoliceUnit[]) {
  const english = (await getLocale()) === 'en'
  const names = new Map(areas.map((area) => [area.id, english ? area.nameEn : area.nameVi]))
  return rows.map((row) => ({
    ...row,
    area: staff.role === 'city_police' ? (names.get(row.unitId) ?? null) : null,
  }))
}
