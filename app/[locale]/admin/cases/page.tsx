import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { ActionForm } from '#components/form/action-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { KeyBar } from '#components/layout/key-bar.tsx'
import { ButtonLink } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { allUnits, type PoliceUnit } from '#features/areas/data.ts'
import type { BulkResult } from '#features/cases/decisions/acts.ts'
import { findLastChanger } from '#features/cases/file/page-data.ts'
import { GlancePane } from '#features/cases/queue/glance-pane.tsx'
import { glanceIn } from '#features/cases/queue/glance-words.tsx'
import {
  countQueueSize,
  countViewsOf,
  findCases,
  QUEUE_PAGE,
  readGlance,
  readQueuePage,
  type ShownQueueRow,
} from '#features/cases/queue/page-data.ts'
import { QueueTable, type QueueTableProps } from '#features/cases/queue/queue-table.tsx'
import type { QueueLine } from '#features/cases/queue/queue-words.tsx'
import { isSortable } from '#features/cases/queue/rules.ts'
import { isForSecond, writeStream } from '#features/cases/stream/rules.ts'
import { objectionsWaiting } from '#features/disputes/objections/queue-data.ts'
import { wordsFor } from '#http/action.ts'
import { openForSession } from '#http/sealed.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { titled } from '#messages/page-title.ts'
import { languageOf } from '#messages/ready-text.ts'
import { NothingLeft } from './[number]/done-notices.tsx'
import { takeNextAction } from './actions.ts'
import { Bulk, type SealedResults } from './bulk.tsx'
import { besideHref, type CasesQuery, pageQuery, readCasesQuery, sortedRoute, toRoute } from './query.ts'
import { Toolbar } from './toolbar.tsx'
import { Views } from './views.tsx'

export const access = 'case:read' satisfies Access

export const generateMetadata = titled('case-staff', 'queue.title')

/** Returns whether a unit has cases: a ward, district or desk in the edition in force. */
const hasCases = ({ inForce, kind }: PoliceUnit): boolean => inForce && kind !== 'city'

export default async function CasesPage({ searchParams }: PageProps<'/[locale]/admin/cases'>) {
  const staff = await requireStaff(access)
  const [t, k, sent, units] = await Promise.all([
    getTranslations('case-staff'),
    getTranslations('case-staff.queue.keys'),
    searchParams,
    allUnits(),
  ])
  const query = readCasesQuery(begun(staff, sent), units)
  const search = query.found === null ? null : await openForSession<string>('case-search', query.found)
  const done =
    typeof sent.result === 'string' ? await openForSession<SealedResults>('queue-results', sent.result) : null
  const now = new Date()
  const counts = await countViewsOf(staff, now)
  return (
    <div className="queue-page">
      <div className="queue-title">
        <h1>{search === null ? t(`queue.view.${query.filter.view}`) : t('queue.search')}</h1>
        <div className="actions">
          <ButtonLink href="/admin/cases/new" look="quiet" size="small">
            {t('queue.file')}
          </ButtonLink>
          <ButtonLink href="/admin/cases/import" look="quiet" size="small">
            {t('queue.import')}
          </ButtonLink>
          {may(staff.role, 'case:decide') ? (
            <ActionForm action={takeNextAction} scope="next" className="queue-next">
              <SubmitButton shortcut="n" size="small">
                {t('queue.next')} <kbd>N</kbd>
              </SubmitButton>
            </ActionForm>
          ) : null}
        </div>
      </div>
      <Views staff={staff} now={now} query={search === null ? query : null} counts={counts} />
      <div className="queue-main">
        <NothingLeft sent={sent} view={query.filter.view} counts={counts} />
        {done === null ? null : <BulkResults staff={staff} done={done} />}
        {query.unknown.length === 0 || search !== null ? null : (
          <Notice tone="info">{t('queue.unknown', { count: query.unknown.length })}</Notice>
        )}
        {search === null ? (
          <Queue staff={staff} query={query} units={units} now={now} />
        ) : (
          <Results staff={staff} search={search} query={query} units={units} now={now} />
        )}
        <Objections staff={staff} now={now} />
      </div>
      <KeyBar
        keys={[
          { keys: ['Enter'], label: k('open') },
          ...(may(staff.role, 'case:decide') ? [{ keys: ['N'], label: t('queue.next') }] : []),
          { keys: ['J', 'K'], label: k('rows') },
          { keys: ['X'], label: k('tick') },
          { keys: ['Shift', 'X'], label: k('range') },
          { keys: ['Ctrl', 'K'], label: t('page.keys_all') },
        ]}
      />
    </div>
  )
}

async function BulkResults({ staff, done }: { readonly staff: StaffActor; readonly done: SealedResults }) {
  const t = await getTranslations('case-staff.bulk')
  const failed = done.results.filter(({ outcome }) => outcome !== 'done')
  const said = await Promise.all(failed.map((one) => becameOf(staff, one)))
  const count = done.results.length - failed.length
  return (
    <Notice
      tone={failed.length === 0 ? 'ok' : 'wait'}
      title={t(`done.${done.decision}`, { count, all: done.results.length })}
    >
      <ul className="queue-results">
        {done.results.map(({ number, outcome }) => (
          <li key={number} data-result={outcome}>
            <Link className="num" href={{ pathname: '/admin/cases/[number]', params: { number } }}>
              {number}
            </Link>{' '}
            {outcome === 'done'
              ? t(`one.${done.decision}`)
              : said.find((one) => one.number === number)?.words}
          </li>
        ))}
      </ul>
    </Notice>
  )
}

async function becameOf(staff: StaffActor, { number, outcome }: BulkResult) {
  const t = await getTranslations('case-staff.bulk')
  if (outcome === 'changed') {
    const name = await findLastChanger(staff, number)
    return { number, words: name ? t('faster', { name }) : t('changed') }
  }
  return { number, words: (await wordsFor({ one: `case.${outcome}` })).one ?? '' }
}

/** Opens the "todo" view for people who approve, if they chose nothing. */
const begun = (staff: StaffActor, sent: Awaited<PageProps<'/[locale]/admin/cases'>['searchParams']>) =>
  isForSecond(staff.role) && CHOSEN.every((name) => sent[name] === undefined)
    ? { ...sent, view: 'todo' }
    : sent
const CHOSEN = ['view', 'who', 'sort', 'state', 'kind', 'proof', 'flag', 'area', 'kept', 'found']

/** Shows the number of waiting objections, so that they are not overlooked: they are decided on another page. */
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
  readonly units: readonly PoliceUnit[]
  readonly now: Instant
}

async function Queue({ staff, query, units, now }: ListProps & { readonly query: CasesQuery }) {
  const t = await getTranslations('case-staff')
  const { filter } = query
  const [page, size] = await Promise.all([
    readQueuePage(staff, filter, query.from, now),
    countQueueSize(staff, filter, now),
  ])
  const several = staff.role === 'city_police' || (staff.serves ?? []).length > 1
  const before = Math.max(0, page.skipped - QUEUE_PAGE)
  const lines = await linesOf(page.rows, several, units)
  return (
    <>
      <Toolbar
        query={query}
        units={staff.role === 'city_police' ? units.filter(hasCases) : []}
        page={page}
        size={size}
      />
      <Beside staff={staff} query={query} lines={lines} now={now}>
        {(beside) => (
          <>
            {page.rows.length === 0 ? (
              <EmptyState title={t(`queue.empty_view.${filter.view}`)} />
            ) : (
              <Bulk
                staff={staff}
                unitId={filter.unitId ?? staff.unitId}
                back={pageQuery(query)}
                now={now}
                shown={page.rows.length}
              >
                <QueueTable
                  lines={lines}
                  now={now}
                  beside={beside}
                  grouped={filter.sort === 'due' && filter.state === null && filter.view !== 'done'}
                  stream={writeStream({ filter, done: 0 })}
                  sort={filter.sort}
                  sortHref={isSortable(filter) ? (sort) => sortedRoute(query, sort) : undefined}
                  ticked
                />
              </Bulk>
            )}
            <Pagination
              {...(page.previous && { previous: toRoute(query, 'before', page.previous, before) })}
              {...(page.next && {
                next: toRoute(query, 'after', page.next, page.skipped + page.rows.length),
              })}
            />
          </>
        )}
      </Beside>
    </>
  )
}

async function Results({
  staff,
  search,
  query,
  units,
  now,
}: ListProps & { readonly search: string; readonly query: CasesQuery }) {
  const t = await getTranslations('case-staff')
  const found = await findCases(staff, search, now)
  const lines = await linesOf(found?.rows ?? [], staff.role === 'city_police', units)
  return (
    <Beside staff={staff} query={query} lines={lines} now={now}>
      {(beside) => (
        <>
          <p role="status">
            {t('queue.found', { count: found?.rows.length ?? 0 })}{' '}
            <Link href="/admin/cases">{t('queue.back')}</Link>
          </p>
          {found?.more ? <Notice tone="info">{t('queue.more')}</Notice> : null}
          {lines.length > 0 ? (
            <QueueTable lines={lines} now={now} beside={beside} />
          ) : (
            <EmptyState title={t('queue.none')}>
              <p>{t('queue.none_text')}</p>
              <ul className="list-disc pl-5 text-left">
                {(['number', 'imei', 'phone', 'name'] as const).map((what) => (
                  <li key={what}>{t(`queue.none_${what}`)}</li>
                ))}
              </ul>
            </EmptyState>
          )}
        </>
      )}
    </Beside>
  )
}

interface BesideProps {
  readonly staff: StaffActor
  readonly query: CasesQuery
  readonly lines: readonly QueueLine[]
  readonly now: Instant
  readonly children: (beside: QueueTableProps['beside']) => ReactNode
}

/** Renders a list with one of its cases beside it where there is room: the case in the address, otherwise the first. */
async function Beside({ staff, query, lines, now, children }: BesideProps) {
  const [t, lang] = await Promise.all([getTranslations('case-staff'), getLocale()])
  const locale = languageOf(lang)
  const line = lines.find(({ number }) => number === query.beside) ?? lines[0]
  const glance = line === undefined ? null : await readGlance(staff, line.number, now)
  if (glance === null) return children(undefined)
  const { number } = glance.row
  return (
    <div className="queue-desk">
      <div className="queue-list">
        {children({
          number,
          hrefOf: (one) => besideHref(locale, query, one),
        })}
      </div>
      <section className="queue-beside print-hidden" aria-label={t('glance.title')}>
        <GlancePane
          key={number}
          first={await glanceIn(locale, glance, now)}
          lang={locale}
          stream={query.found === null ? writeStream({ filter: query.filter, done: 0 }) : undefined}
          words={{
            title: t('glance.title'),
            files: t('glance.files'),
            no_files: t('queue.no_files'),
            closed: t('glance.closed'),
            next: t('glance.next'),
            open: t('glance.open'),
            failed: t('glance.failed'),
          }}
        />
      </section>
    </div>
  )
}

async function linesOf(rows: readonly ShownQueueRow[], several: boolean, units: readonly PoliceUnit[]) {
  const english = (await getLocale()) === 'en'
  const names = new Map(units.map((unit) => [unit.id, english ? unit.nameEn : unit.nameVi]))
  return rows.map((row) => ({ ...row, unitName: several ? (names.get(row.unitId) ?? null) : null }))
}
