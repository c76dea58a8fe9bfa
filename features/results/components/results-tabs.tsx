import { getTranslations } from 'next-intl/server'
import { Tabs } from '#components/ui/tabs.tsx'

const VIEWS = [
  { key: 'agencies', href: '/results' },
  { key: 'questions', href: '/results/questions' },
  { key: 'data', href: '/results/data' },
] as const

/** Renders the ways into the results. */
export async function ResultsTabs({ current }: { readonly current: (typeof VIEWS)[number]['key'] }) {
  const t = await getTranslations('results.views')
  return (
    <Tabs
      label={t('label')}
      tabs={VIEWS.map(({ key, href }) => ({ key, href, label: t(key), current: key === current }))}
    />
  )
}
