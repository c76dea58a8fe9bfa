import { getLocale, getTranslations } from 'next-intl/server'
import { z } from 'zod'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Time } from '#components/ui/time.tsx'
import { ReportStanding, ReportStateTag, shownReportState } from '#features/city-report/open-reports.tsx'
import { listWithdrawnReports, readReportPage } from '#features/city-report/page-data.ts'
import { lineStart, periodTitle, periodWords } from '#features/city-report/period-rules.ts'
import { ReportDownloads } from '#features/city-report/report-downloads.tsx'
import { ReportProgress } from '#features/city-report/report-progress.tsx'
import { WithdrawFields } from '#features/ratings/replies/withdraw-fields.tsx'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { StepUpField } from '../../../step-up-field.tsx'
import { SecondPersonDecision } from '../../second-person/decision.tsx'
import { publishAction, redrawAction, retryAction, withdrawAction } from '../actions.ts'

export const access = 'survey:read' satisfies Access

export const generateMetadata = titled('survey-report', 'one')

export default async function ReportPage({ params }: PageProps<'/[locale]/admin/survey/report/[report]'>) {
  const staff = await requireStaff(access)
  const [{ report: id }, locale, t, words] = await Promise.all([
    params,
    getLocale(),
    getTranslations('survey-report'),
    getTranslations('survey-report-paper'),
  ])
  const report = z.uuid().safeParse(id).success ? await readReportPage(staff, id, new Date()) : null
  if (report === null) notFoundPage(locale)
  const name = periodTitle(words, locale, report.period)
  const manages = may(staff.role, 'survey:manage')
  const { state, scope, agencyIds, places, sha256, files, redrawnAt, publishedAt, readyAt } = report
  return (
    <div
      className="stack-l max-w-measure"
      data-report={report.id}
      data-report-state={state}
      data-sha256={sha256 ?? ''}
    >
      <PageHeader
        kicker={<Link href="/admin/survey/report">{t('title')}</Link>}
        title={t('reportTitle', { period: periodWords(words, locale, report.period) })}
        lead={lineStart(words(`scope.${scope}`, { count: agencyIds.length, places }))}
      >
        <p className="flex flex-wrap items-center gap-3 text-soft">
          <ReportStateTag state={shownReportState(report)} />
          <span>
            {t('asked')} <Time at={report.askedAt} />
          </span>
        </p>
      </PageHeader>
      {state === 'queued' || state === 'running' ? (
        <Progress id={report.id} state={state} progress={report.progress} />
      ) : null}
      {state === 'failed' ? <Failed id={report.id} manages={manages} /> : null}
      {state === 'ready' ? (
        <Card>
          <h2>{t('files')}</h2>
          <ReportDownloads {...{ id: report.id, name, sha256, files, redrawnAt }} />
          {readyAt === null ? null : (
            <p className="text-soft">
              {t('ready')} <Time at={readyAt} />
            </p>
          )}
        </Card>
      ) : null}
      {state === 'ready' && (report.filesMissing || report.redrawAskedAt !== null) ? (
        <FilesGone id={report.id} manages={manages} redrawing={report.redrawAskedAt !== null} />
      ) : null}
      {state === 'ready' && report.filesMissing === null ? (
        <Notice tone="wait" title={t('storeAway')}>
          <p>{t('storeAwayText')}</p>
        </Notice>
      ) : null}
      {state === 'ready' && manages && publishedAt === null && report.filesMissing === false ? (
        <Publish staff={staff} id={report.id} />
      ) : null}
      {publishedAt === null || report.withdrawn !== null ? null : (
        <Notice tone="ok" title={t('published')}>
          <p>
            <Time at={publishedAt} />.{' '}
            <Link href={{ pathname: '/results', hash: 'reports' }}>{t('publishedLink')}</Link>
          </p>
        </Notice>
      )}
      <ReportStanding report={report} staff />
      {publishedAt !== null && report.withdrawn === null && manages ? (
        <Withdraw staff={staff} id={report.id} />
      ) : null}
    </div>
  )
}

async function Progress({
  id,
  state,
  progress,
}: {
  readonly id: string
  readonly state: 'queued' | 'running'
  readonly progress: number
}) {
  const t = await getTranslations('survey-report')
  return (
    <Card>
      <h2>{t(`working.${state}`)}</h2>
      <ReportProgress state={state} label={t('progress', { percent: progress })} percent={progress} />
      <p className="text-soft">{t('workingText')}</p>
      <p>
        <Link href={{ pathname: '/admin/survey/report/[report]', params: { report: id } }}>{t('look')}</Link>
      </p>
    </Card>
  )
}

async function FilesGone({
  id,
  manages,
  redrawing,
}: {
  readonly id: string
  readonly manages: boolean
  readonly redrawing: boolean
}) {
  const t = await getTranslations('survey-report')
  return (
    <Notice tone={redrawing ? 'wait' : 'bad'} title={t(redrawing ? 'redrawing' : 'filesGone')}>
      <p>{t(redrawing ? 'redrawingText' : 'filesGoneText')}</p>
      {manages ? (
        <ActionForm action={redrawAction} scope="redraw" className="actions">
          <HiddenField name="reportId" value={id} />
          <SubmitButton look="quiet">{t('redraw')}</SubmitButton>
        </ActionForm>
      ) : null}
    </Notice>
  )
}

async function Failed({ id, manages }: { readonly id: string; readonly manages: boolean }) {
  const t = await getTranslations('survey-report')
  return (
    <Notice tone="bad" title={t('failed')}>
      <p>{t('failedText')}</p>
      {manages ? (
        <ActionForm action={retryAction} className="actions">
          <HiddenField name="reportId" value={id} />
          <SubmitButton look="quiet">{t('retry')}</SubmitButton>
        </ActionForm>
      ) : null}
    </Notice>
  )
}

async function Withdraw({ staff, id }: { readonly staff: StaffActor; readonly id: string }) {
  const t = await getTranslations('survey-withdrawal.report')
  return (
    <Card>
      <h2>{t('title')}</h2>
      <p>{t('text')}</p>
      <SecondPersonDecision staff={staff} subject={{ reportId: id }}>
        <ActionForm action={withdrawAction} className="stack">
          <HiddenField name="reportId" value={id} />
          <StepUpField />
          <WithdrawFields hint={t('reasonHint')} submit={t('ask')} />
        </ActionForm>
      </SecondPersonDecision>
    </Card>
  )
}

async function Publish({ staff, id }: { readonly staff: StaffActor; readonly id: string }) {
  const [locale, t, words, withdrawal, withdrawn] = await Promise.all([
    getLocale(),
    getTranslations('survey-report'),
    getTranslations('survey-report-paper'),
    getTranslations('survey-withdrawal.report'),
    listWithdrawnReports(staff),
  ])
  const choices = withdrawn.map((report) => ({
    value: report.id,
    label: withdrawal('choice', {
      period: periodTitle(words, locale, report.period),
      date: report.publishedAt === null ? '' : formatInstant(locale, report.publishedAt, 'date'),
    }),
  }))
  return (
    <Card>
      <h2>{t('publishTitle')}</h2>
      <p>{t('publishText')}</p>
      <ActionForm action={publishAction} className="stack">
        <HiddenField name="reportId" value={id} />
        {choices.length === 0 ? null : (
          <Select
            name="replaces"
            label={withdrawal('correct')}
            hint={withdrawal('correctHint')}
            placeholder={withdrawal('none')}
            options={choices}
            optional
          />
        )}
        <p className="actions">
          <SubmitButton>{t('publish')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
