import { getFormatter, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import type { Counted } from '#features/cases/queue/data.ts'
import { ShortNumber } from '#features/cases/queue/due.tsx'
import { listKeptViews, listViewsOf } from '#features/cases/queue/page-data.ts'
import { QUEUE_GROUPS, type QueueView, WHOLE_QUEUE, writeQueueFilter } from '#features/cases/queue/rules.ts'
import { readDoneToday } from '#features/cases/stream/data.ts'
import { Past } from '#features/cases/stream/stream-pane.tsx'
import { TakeBack } from '#features/cases/stream/take-back.tsx'
import { readRequestsPage } from '#features/privacy/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import { decideAction } from './[number]/actions.ts'
import type { CasesQuery } from './query.ts'

/** Views that should be empty, or soon be: their counts are highlighted if not zero. */
const URGENT: Partial<Readonly<Record<QueueView, 'bad' | 'wait'>>> = {
  overdue: 'bad',
  holds: 'wait',
  conflicts: 'wait',
  sent_back: 'wait',
}

/**
 * Renders the queue's lists with their counts, grouped by the person's role in them, then the person's own views, and their day
 * below.
 */
export async function Views({
  staff,
  now,
  query,
  counts,
}: {
  readonly staff: StaffActor
  readonly now: Instant
  /** Null where the page shows search results. */
  readonly query: CasesQuery | null
  readonly counts: ReadonlyMap<QueueView, Counted>
}) {
  const [t, format, kept, requests, today] = await Promise.all([
    getTranslations('case-staff.queue'),
    getFormatter(),
    listKeptViews(staff),
    readRequestsPage(staff, null),
    readDoneToday(staff, now),
  ])
  const late = requests.rows.some(({ dueAt }) => dueAt < now)
  const current =
    query !== null && query.filter.state === null && query.kept === null ? query.filter.view : null
  const shown = ({ count, more }: Counted) => `${format.number(count)}${more ? '+' : ''}`
  const own = listViewsOf(staff)
  const [last] = today.last
  return (
    <>
      <nav aria-label={t('views')} className="queue-views print-hidden">
        {Object.entries(QUEUE_GROUPS).map(([group, views]) => (
          <section key={group} aria-labelledby={`views-${group}`}>
            <h2 id={`views-${group}`}>{t(`group.${group as keyof typeof QUEUE_GROUPS}`)}</h2>
            {views
              .filter((view) => own.includes(view))
              .map((view) => {
                const counted = counts.get(view) ?? { count: 0, more: false }
                return (
                  <Link
                    key={view}
                    href={{ pathname: '/admin/cases', query: writeQueueFilter({ ...WHOLE_QUEUE, view }) }}
                    aria-current={view === current ? 'page' : undefined}
                    data-view={view}
                  >
                    {t(`view.${view}`)}
                    <span
                      className="queue-count num"
                      data-tone={counted.count > 0 ? URGENT[view] : undefined}
                      data-none={counted.count === 0 ? '' : undefined}
                    >
                      {shown(counted)}
                    </span>
                  </Link>
                )
              })}
            {group !== 'look' || requests.rows.length === 0 ? null : (
              <Link href="/admin/cases/data">
                {t('view.data')}
                <span className="queue-count num" data-tone={late ? 'bad' : undefined}>
                  {shown({ count: requests.rows.length, more: requests.more })}
                </span>
              </Link>
            )}
          </section>
        ))}
        {kept.length === 0 ? null : (
          <section aria-labelledby="views-own">
            <h2 id="views-own">{t('group.own')}</h2>
            {kept.map(({ id, name, query: choices }) => (
              <Link
                key={id}
                href={{
                  pathname: '/admin/cases',
                  query: { ...Object.fromEntries(new URLSearchParams(choices)), kept: id },
                }}
                aria-current={query?.kept === id ? 'page' : undefined}
                className="queue-own"
              >
                {name}
              </Link>
            ))}
          </section>
        )}
      </nav>
      {last === undefined ? null : (
        <div className="queue-today print-hidden" data-last={last.number}>
          <p>{t('today_count', { count: today.count })}</p>
          <Link href={{ pathname: '/admin/cases/[number]', params: { number: last.number } }}>
            <span className="num">
              <ShortNumber number={last.number} />
            </span>
          </Link>
          <Past {...last} />
          {last.undoable === null ? null : <TakeBack last={last} action={decideAction} />}
        </div>
      )}
    </>
  )
}
