import { getFormatter, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { type Counted, countsOf, keptViews, viewsOf } from '#features/cases/queries/queue.ts'
import { type QueueView, queryOf, WHOLE_QUEUE } from '#features/cases/rules/queue.ts'
import { readRequestsPage } from '#features/privacy/data.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'
import type { Query } from './query.ts'

/** Views whose rows should not be there, or not for long: their counts stand out where there are any. */
const URGENT: Partial<Readonly<Record<QueueView, 'bad' | 'wait'>>> = {
  overdue: 'bad',
  holds: 'wait',
  conflicts: 'wait',
  sent_back: 'wait',
}

interface ViewsProps {
  readonly staff: StaffActor
  readonly now: Instant
  /** Null where the page shows the result of a search. */
  readonly query: Query | null
}

/** Renders the lists of the queue as tabs with what waits in each, then the person's own. */
export async function Views({ staff, now, query }: ViewsProps) {
  const [t, format, counts, kept, requests] = await Promise.all([
    getTranslations('case-staff.queue'),
    getFormatter(),
    countsOf(staff, now),
    keptViews(staff),
    readRequestsPage(staff, null),
  ])
  const late = requests.rows.some(({ dueAt }) => dueAt < now)
  const current =
    query !== null && query.filter.state === null && query.kept === null ? query.filter.view : null
  const shown = ({ count, more }: Counted) => `${format.number(count)}${more ? '+' : ''}`
  return (
    <nav aria-label={t('views')} className="queue-views print-hidden">
      {viewsOf(staff).map((view) => {
        const counted = counts.get(view) ?? { count: 0, more: false }
        return (
          <Link
            key={view}
            href={{ pathname: '/admin/cases', query: queryOf({ ...WHOLE_QUEUE, view }) }}
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
      {requests.rows.length === 0 ? null : (
        <Link href="/admin/cases/data">
          {t('view.data')}
          <span className="queue-count num" data-tone={late ? 'bad' : undefined}>
            {shown({ count: requests.rows.length, more: requests.more })}
          </span>
        </Link>
      )}
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
    </nav>
  )
}
