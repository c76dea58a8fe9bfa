import { getTranslations } from 'next-intl/server'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Tabs } from '#components/ui/tabs.tsx'
import { Tag } from '#components/ui/tag.tsx'

const TABS = [
  { key: 'connection', pathname: '/admin/carriers/[carrier]' },
  { key: 'orders', pathname: '/admin/carriers/[carrier]/orders' },
  { key: 'reconciliations', pathname: '/admin/carriers/[carrier]/reconciliations' },
  { key: 'figures', pathname: '/admin/carriers/[carrier]/figures' },
] as const

export async function CarrierHeader({
  carrier,
  current,
}: {
  readonly carrier: { readonly id: string; readonly name: string; readonly active: boolean }
  readonly current: (typeof TABS)[number]['key']
}) {
  const t = await getTranslations('exchange')
  return (
    <>
      <PageHeader kicker={t('carriers.title')} title={carrier.name}>
        {carrier.active ? null : <Tag tone="plain">{t('carriers.inactive')}</Tag>}
      </PageHeader>
      <Tabs
        label={t('carrier.pages')}
        tabs={TABS.map(({ key, pathname }) => ({
          key,
          href: { pathname, params: { carrier: carrier.id } },
          label: t(`carrier.page.${key}`),
          current: key === current,
        }))}
      />
    </>
  )
}
