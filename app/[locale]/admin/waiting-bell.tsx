import { getLocale, getTranslations } from 'next-intl/server'
import { Bell } from '#components/layout/bell.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { taskCounts } from '#features/tasks/queries/counts.ts'
import { totalOf } from '#features/tasks/rules/kinds.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { currentPage } from '#messages/current.ts'
import { pathFor } from '#messages/paths.ts'

/** Renders the bell of the frame: how much waits for this person. */
export async function WaitingBell({ staff }: { readonly staff: StaffActor }) {
  const [t, locale, { pathname }, counts] = await Promise.all([
    getTranslations('tasks'),
    getLocale(),
    currentPage(),
    taskCounts(staff, new Date()),
  ])
  const number = { count: '{count}' }
  return (
    <Bell
      href={pathFor(locale, '/admin/waiting')}
      total={totalOf(counts)}
      source="/api/staff/events"
      words={{ none: t('bell_none'), some: t('bell', number), changed: t('bell_changed', number) }}
      current={pathname === '/admin/waiting'}
    >
      <Icon name="bell" />
    </Bell>
  )
}
