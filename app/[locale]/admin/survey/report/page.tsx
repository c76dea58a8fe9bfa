import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Checkboxes, Radios, Select } from '#components/form/choices.tsx'
import { Field, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Details } from '#components/ui/details.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { AGENCY_GROUPS, groupOf } from '#features/agencies/rules.ts'
import { ReportStateTag, shownReportState } from '#features/city-report/open-reports.tsx'
import {
  findFirstReportMonth,
  listReportedPlaces,
  listReports,
  type NamedReport,
} from '#features/city-report/page-data.ts'
import { lineStart, periodChoices, periodTitle, TYPED_MONTHS } from '#features/city-report/period-rules.ts'
import { REPORT_SCOPES } from '#features/city-report/report-rules.ts'
import { listAgencies } from '#features/ratings/rating/data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { isUuid } from '#lib/uuid.ts'
import { titled } from '#messages/page-title.ts'
import { askAction } from './actions.ts'

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

async function AskForm({ now }: { readonly now: Instant }) {
  const [locale, t, words, all, first] = await Promise.all([
    getLocale(),
    getTranslations('survey-report'),
    getTranslations('survey-report-paper'),
    listAgencies(now),
    findFirstReportMonth(now),
  ])
  const choices = periodChoices(first, now)
  const places = await listReportedPlaces(first, now)
  return (
    <Card>
      <h2>{t('new')}</h2>
      <ActionForm
        action={askAction}
        initial={{ period: choices[0]?.value ?? '', scope: 'all' }}
        className="stack"
      >
        <Select
          name="period"
          label={t('period')}
          hint={t('periodHint')}
          options={[
            ...choices.map(({ value, ...period }) => ({ value, label: periodTitle(words, locale, period) })),
            { value: TYPED_MONTHS, label: t('otherMonths') },
          ]}
        />
        <div className="grid max-w-measure gap-x-6 gap-y-4 sm:grid-cols-2">
          <Field name="from" label={t('from')} hint={t('monthHint')} width="short" optional />
          <Field name="to" label={t('to')} hint={t('monthHint')} width="short" optional />
        </div>
        <Radios
          name="scope"
          label={t('scope')}
          options={REPORT_SCOPES.map((value) => ({ value, label: t(`scopeChoice.${value}`, { places }) }))}
        />
        <Details summary={t('choose')}>
          <Checkboxes
            name="agency"
            label={t('each')}
            options={AGENCY_GROUPS.flatMap((group) => all.filter(({ kind }) => groupOf(kind) === group)).map(
              ({ id, nameVi, nameEn }) => ({ value: id, label: locale === 'vi' ? nameVi : nameEn }),
            )}
          />
        </Details>
        <TextArea
          name="recommendationsVi"
          label={t('recommendationsVi')}
          hint={t('recommendationsHint')}
          rows={5}
          optional
        />
        <TextArea
          name="recommendationsEn"
          label={t('recommendationsEn')}
          hint={t('recommendationsEnHint')}
          rows={3}
          optional
        />
        <p className="text-soft">{t('makeText')}</p>
        <p className="actions">
          <SubmitButton>{t('make')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
