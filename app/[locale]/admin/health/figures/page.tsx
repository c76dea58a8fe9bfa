import { getLocale, getTranslations } from 'next-intl/server'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { type BusinessDay, readBusinessDays, SHOWN_DAYS } from '#features/health/business/data.ts'
import { type BusinessEvent, EVENT_NAMES } from '#features/health/business/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { HealthTabs } from '../health-tabs.tsx'

export const access = 'installation:read' satisfies Access

export const generateMetadata = titled('installation', 'figures.title')

/** Shows the number of acts on each of the last days, by channel; never by person or unit. */
export default async function BusinessFiguresPage() {
  const staff = await requireStaff(access)
  const [t, lang, days] = await Promise.all([
    getTranslations('installation'),
    getLocale(),
    readBusinessDays(staff, new Date()),
  ])
  if (days === null) notFoundPage(lang)
  const locale = lang === 'en' ? 'en' : 'vi'
  const cell = (event: BusinessEvent, { counts }: BusinessDay) => {
    const of = (by: 'citizen' | 'staff') =>
      counts.find((one) => one.event === event && one.by === by)?.count ?? 0
    const desk = event === 'report_begun' || event === 'report_sent' ? of('staff') : 0
    const all = of('citizen') + of('staff')
    return (
      <span className="num">
        {all.toLocaleString(locale === 'vi' ? 'vi-VN' : 'en-US')}
        {desk === 0 ? null : (
          <span className="block text-sm text-soft">{t('figures.at_desk', { count: desk })}</span>
        )}
      </span>
    )
  }
  return (
    <div className="stack-l">
      <PageHeader title={t('figures.title')} lead={t('figures.lead', { days: SHOWN_DAYS })} />
      <HealthTabs />
      <Table
        caption={t('figures.title')}
        captionHidden
        phone="scroll"
        columns={[
          {
            head: t('figures.day'),
            cell: ({ day }) => <span className="font-tabular">{formatDate(locale, day)}</span>,
          },
          ...EVENT_NAMES.map((event) => ({
            head: t(`figures.event.${event}`),
            align: 'end' as const,
            cell: (day: BusinessDay) => cell(event, day),
          })),
        ]}
        rows={days}
        keyOf={({ day }) => day}
        marks={({ day }) => ({ 'data-day': day })}
      />
      <p className="text-soft">{t('figures.others')}</p>
    </div>
  )
}
