import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { HiddenField, TextArea } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { allUnits } from '#features/areas/data.ts'
import { complaintsWaiting, type LateRow, lateWork } from '#features/lateness/data.ts'
import type { LateKind } from '#features/lateness/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../../may-decide.tsx'
import { answerComplaintAction } from './actions.ts'

export const access = 'lateness:read' satisfies Access

export const generateMetadata = titled('lateness.desk', 'title')

export default async function LatePage({ searchParams }: PageProps<'/[locale]/admin/cases/late'>) {
  const [staff, now] = [await requireStaff(access), new Date()]
  const [{ done }, language, t, rows, complaints, units] = await Promise.all([
    searchParams,
    getLocale(),
    getTranslations('lateness'),
    lateWork(staff),
    complaintsWaiting(staff),
    allUnits(),
  ])
  const locale = language === 'en' ? 'en' : 'vi'
  if (rows === null) notFoundPage(locale)
  const unitName = (id: string) => {
    const unit = units.find((one) => one.id === id)
    return locale === 'en' ? unit?.nameEn : unit?.nameVi
  }
  const moment = (at: Instant) => formatInstant(locale, at, 'moment')
  const stamp = (at: Instant) => formatInstant(locale, at, 'stamp')
  const told = (row: LateRow): string[] => [
    ...(row.personAt ? [t('desk.toldPerson', { when: stamp(row.personAt) })] : []),
    ...(row.unitAt ? [t('desk.toldUnit', { when: stamp(row.unitAt) })] : []),
    ...(row.cityAt ? [t('desk.toldCity', { when: stamp(row.cityAt) })] : []),
    ...(row.inspectorateAt ? [t('desk.toldInspectorate', { when: stamp(row.inspectorateAt) })] : []),
  ]
  const kind = (row: LateRow) => t(`kind.${row.kind as LateKind}`)
  /** The inspectorate may not read cases, so its rows have no link. */
  const number = (row: LateRow) =>
    !may(staff.role, 'case:read') ? (
      <span className="num">{row.number}</span>
    ) : row.kind === 'objection' ? (
      <Link
        className="num"
        href={{ pathname: '/admin/objections/[objection]', params: { objection: row.number } }}
      >
        {row.number}
      </Link>
    ) : (
      <Link className="num" href={{ pathname: '/admin/cases/[number]', params: { number: row.number } }}>
        {row.number}
      </Link>
    )
  return (
    <div className="stack-l">
      <PageHeader title={t('desk.title')} lead={t('desk.lead')} />
      {done === 'answered' ? <DoneNotice title={t('desk.sent')} /> : null}
      {may(staff.role, 'lateness:answer') ? (
        <section className="stack" data-complaints={complaints.length}>
          <h2>{t('desk.complaints')}</h2>
          <p className="text-soft">{t('desk.complaintsLead')}</p>
          {complaints.length === 0 ? <p>{t('desk.noComplaints')}</p> : null}
          {complaints.map((row) => (
            <Card key={row.id}>
              <h3>
                {number(row)} · {kind(row)} · {unitName(row.unitId)}
              </h3>
              {row.complainedAt && row.answerDueAt ? (
                <p>
                  {t('desk.complained', { when: moment(row.complainedAt), due: moment(row.answerDueAt) })}{' '}
                  {row.answerDueAt < now ? <Tag tone="bad">{t('desk.late')}</Tag> : null}
                </p>
              ) : null}
              <MayDecide>
                <ActionForm action={answerComplaintAction} scope={`answer-${row.id}`} className="stack">
                  <HiddenField name="complaintId" value={row.id} />
                  <TextArea name="answer" label={t('desk.answer')} hint={t('desk.answerHint')} rows={4} />
                  <p>
                    <SubmitButton>{t('desk.send')}</SubmitButton>
                  </p>
                </ActionForm>
              </MayDecide>
            </Card>
          ))}
        </section>
      ) : null}
      {rows.length === 0 ? (
        <EmptyState title={t('desk.none')} />
      ) : (
        <Table
          caption={t('desk.title')}
          captionHidden
          columns={[
            { head: t('desk.number'), cell: number },
            { head: t('desk.kind'), cell: kind },
            { head: t('desk.unit'), cell: (row) => unitName(row.unitId) },
            { head: t('desk.due'), cell: (row) => stamp(row.dueAt) },
            {
              head: t('desk.told'),
              phone: 'below',
              cell: (row) => (
                <ul>
                  {told(row).map((line) => (
                    <li key={line}>{line}</li>
                  ))}
                </ul>
              ),
            },
          ]}
          rows={rows}
          keyOf={(row) => row.id}
          marks={(row) => ({ 'data-late-kind': row.kind })}
        />
      )}
    </div>
  )
}
