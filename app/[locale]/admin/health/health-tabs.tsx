import { getTranslations } from 'next-intl/server'
import { Tabs } from '#components/ui/tabs.tsx'
import { currentPage } from '#messages/current.ts'

const VIEWS = [
  { key: 'state', href: '/admin/health' },
  { key: 'jobs', href: '/admin/health/jobs' },
  { key: 'figures', href: '/admin/health/figures' },
] as const

export async function HealthTabs() {
  const [t, { pathname }] = await Promise.all([getTranslations('installation'), currentPage()])
  return (
    <Tabs
      label={t('views')}
      tabs={VIEWS.map(({ key, href }) => ({
        key,
        href,
        label: t(`view.${key}`),
        current: pathname === href,
      }))}
    />
  )
}
