import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { ResultsTabs } from '#features/results/results-table.tsx'
import { monthLabel } from '#features/results/rules.ts'
import { listSnapshots } from '#features/statistics/archive/data.ts'
import { citedSiteUrl } from '#http/settings.ts'
import type { Access } from '#lib/access/access.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('results-archive', 'title')

export default async function ArchivePage() {
  const [locale, t, snapshots] = await Promise.all([
    getLocale(),
    getTranslations('results-archive'),
    listSnapshots(),
  ])
  return (
    <div className="space-y-12">
      <ResultsTabs current="data" />
      <PageHeader title={t('title')} lead={t('lead')} />
      <section className="stack" aria-labelledby="snapshots">
        <h2 id="snapshots">{t('list')}</h2>
        {snapshots.length === 0 ? (
          <EmptyState title={t('none')} />
        ) : (
          <Table
            caption={t('list')}
            captionHidden
            columns={[
              {
                head: t('month'),
                cell: ({ month }) => (
                  <Link href={{ pathname: '/results/archive/[month]', params: { month } }}>
                    {t('name', { month: monthLabel(locale, month) })}
                  </Link>
                ),
              },
              { head: t('takenOn'), cell: ({ takenOn }) => formatDate(locale, takenOn) },
              {
                head: t('hash'),
                phone: 'below',
                cell: ({ sha256 }) => <code className="wrap-anywhere">{sha256.slice(0, 16)}…</code>,
              },
            ]}
            rows={snapshots}
            keyOf={({ month }) => month}
            marks={({ month }) => ({ 'data-snapshot': month })}
          />
        )}
      </section>
      <section className="prose stack" aria-labelledby="example">
        <h2 id="example">{t('example')}</h2>
        <p>{t('exampleText')}</p>
        <pre className="overflow-x-auto">
          {`curl -fsS -O ${citedSiteUrl()}/log/programs/blocking.py\npython3 blocking.py ${citedSiteUrl()}`}
        </pre>
      </section>
    </div>
  )
}
