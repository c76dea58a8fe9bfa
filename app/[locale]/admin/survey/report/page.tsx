import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { ReportStateTag, shownReportState } from '#features/city-report/open-reports.tsx'
import { listReports, type NamedReport } from '#features/city-report/page-data.ts'
import { lineStart, periodTitle } from '#features/city-report/period-rules.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { AskForm } from './ask-form.tsx'

export const access = 'survey:read' satisfies Access

export const generateMetadata = titled('survey-report', 'title')

export default async function ReportsPage({ searchParams }: PageProps<'/[locale]/admin/survey/report'>) {
  const staff = await requireStaff(access)
  const { after } = await searchParams
  const now = new Date()
  const [t, page] = await Promise.all([
    getTranslations('survey-report'),
    listReports(staff, isUuid(after) ? after : null, now),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      {may(staff.role, 'survey:manage') ? <AskForm now={now} /> : null}
      {page.reports.length === 0 ? <EmptyState title={t('none')} /> : <Reports rows={page.reports} />}
      {page.next === null ? null : (
        <Pagination next={{ pathname: '/admin/survey/report', query: { after: page.next } }} />
      )}
    </div>
  )
}

async function Reports({ rows }: { readonly rows: readonly NamedReport[] }) {
  const [locale, t, words] = await Promise.all([
    getLocale(),
    getTranslations('survey-report'),
    getTranslations('survey-report-paper'),
  ])
  return (
    <Table
      caption={t('list')}
      columns={[
        {
          head: t('period'),
          cell: ({ id, period }) => (
            <Link href={{ pathname: '/admin/survey/report/[report]', params: { report: id } }}>
              {periodTitle(words, locale, period)}
            </Link>
          ),
        },
        {
          head: t('scope'),
          cell: ({ scope, agencyIds, places }) =>
            lineStart(words(`scope.${scope}`, { count: agencyIds.length, places })),
        },
        { head: t('asked'), cell: ({ askedAt }) => <Time at={askedAt} form="stamp" /> },
        { head: t('stateColumn'), cell: (report) => <ReportStateTag state={shownReportState(report)} /> },
      ]}
      rows={rows}
      keyOf={({ id }) => id}
      marks={({ id, state }) => ({ 'data-report': id, 'data-report-state': state })}
    />
  )
}
