import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { allUnits } from '#features/areas/data.ts'
import { readRequestsPage } from '#features/privacy/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { readKey, writeKey } from './key.ts'

export const access = 'case:decide_data' satisfies Access

export const generateMetadata = titled('case-data', 'requests.list')

export default async function DataRequestsPage({ searchParams }: PageProps<'/[locale]/admin/cases/data'>) {
  const staff = await requireStaff(access)
  const [t, language, { after }, units] = await Promise.all([
    getTranslations('case-data.requests'),
    getLocale(),
    searchParams,
    allUnits(),
  ])
  const locale = language === 'en' ? 'en' : 'vi'
  const { rows, more } = await readRequestsPage(staff, readKey(after))
  const last = rows.at(-1)
  const now = new Date()
  const unitName = (id: string) => {
    const unit = units.find((one) => one.id === id)
    return locale === 'en' ? unit?.nameEn : unit?.nameVi
  }
  return (
    <div className="stack-l">
      <PageHeader title={t('list')} lead={t('lead')} />
      {rows.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <Table
          caption={t('list')}
          captionHidden
          columns={[
            {
              head: t('number'),
              cell: ({ number }) => (
                <Link className="num" href={{ pathname: '/admin/cases/[number]', params: { number } }}>
                  {number}
                </Link>
              ),
            },
            {
              head: t('kind'),
              cell: ({ kind, proposed }) =>
                proposed ? (
                  <>
                    {t(kind)} <Tag tone="wait">{t('second')}</Tag>
                  </>
                ) : (
                  t(kind)
                ),
            },
            { head: t('area'), cell: ({ unitId }) => unitName(unitId) },
            {
              head: t('due'),
              cell: ({ dueAt }) => (
                <Tag tone={dueAt < now ? 'bad' : 'plain'}>
                  {t(dueAt < now ? 'late' : 'due_by', { date: formatInstant(locale, dueAt, 'date') })}
                </Tag>
              ),
            },
          ]}
          rows={rows}
          keyOf={({ id }) => id}
        />
      )}
      <Pagination
        {...(more &&
          last && { next: { pathname: '/admin/cases/data', query: { after: writeKey(last) } } as const })}
      />
    </div>
  )
}
