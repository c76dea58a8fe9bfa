import { getTranslations } from 'next-intl/server'
import { Figures as FigureRow } from '#components/ui/figures.tsx'
import { Link } from '#components/ui/link.tsx'
import { countsOf, MOST_COUNTED } from '#features/cases/queries/queue.ts'
import { requestsPage } from '#features/privacy/queries.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import type { Instant } from '#lib/time.ts'

/** Shows what waits, at a glance. */
export async function Figures({ staff, now }: { readonly staff: StaffActor; readonly now: Instant }) {
  const [t, counts, requests] = await Promise.all([
    getTranslations('case-staff.figures'),
    countsOf(staff, now),
    requestsPage(staff, null),
  ])
  const overdue = requests.rows.some(({ dueAt }) => dueAt < now)
  const shown = (count: number) => (count >= MOST_COUNTED ? `${MOST_COUNTED}+` : count)
  return (
    <FigureRow
      items={[
        {
          key: 'overdue',
          value: shown(counts.overdue),
          label: t('overdue'),
          ...(counts.overdue > 0 && { tone: 'bad' as const }),
        },
        { key: 'today', value: shown(counts.today), label: t('today') },
        {
          key: 'approval',
          value: (
            <Link href={{ pathname: '/admin/cases', query: { state: 'verified' } }}>
              {shown(counts.approval)}
            </Link>
          ),
          label: t('approval'),
        },
        {
          key: 'conflicts',
          value: (
            <Link href={{ pathname: '/admin/cases', query: { view: 'conflicts' } }}>
              {shown(counts.conflicts)}
            </Link>
          ),
          label: t('conflicts'),
        },
        ...(requests.rows.length === 0
          ? []
          : [
              {
                key: 'data',
                value: (
                  <Link href="/admin/cases/data">
                    {requests.more ? `${requests.rows.length}+` : requests.rows.length}
                  </Link>
                ),
                label: t('data'),
                ...(overdue && { tone: 'bad' as const }),
              },
            ]),
      ]}
    />
  )
}
