import { getLocale, getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { Field } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { type DeadJob, readDead } from '#features/health/dead-jobs/data.ts'
import { choiceValue, MOST_DEAD } from '#features/health/dead-jobs/rules.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { formatInstant } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { MayDecide } from '../../may-decide.tsx'
import { StepUpField } from '../../step-up-field.tsx'
import { HealthTabs } from '../health-tabs.tsx'
import { dropJobsAction, sendJobsAgainAction } from './actions.ts'

export const access = 'installation:read' satisfies Access

export const generateMetadata = titled('installation', 'jobs.title')

/** Shows the jobs that failed for good, with kind, time and reason, and nothing of their content. */
export default async function DeadJobsPage() {
  const staff = await requireStaff(access)
  const [t, locale, jobs] = await Promise.all([
    getTranslations('installation.jobs'),
    getLocale(),
    readDead(staff),
  ])
  if (jobs === null) notFoundPage(locale)
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <HealthTabs />
      {jobs.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <>
          {jobs.length === MOST_DEAD ? <p className="text-soft">{t('more', { most: MOST_DEAD })}</p> : null}
          <Jobs jobs={jobs} />
          {may(staff.role, 'installation:mend') ? (
            <MayDecide>
              <Forms jobs={jobs} />
            </MayDecide>
          ) : (
            <p className="text-soft">{t('only_admin')}</p>
          )}
        </>
      )}
    </div>
  )
}

/** Returns a function that describes why a job failed; for an error, by its kind as in the log. */
async function whyWords(): Promise<(why: string) => string> {
  const t = await getTranslations('installation.jobs.why_of')
  return (why) =>
    why === 'timeout' || why === 'worker_lost' || why === 'unknown' ? t(why) : t('error', { kind: why })
}

async function Jobs({ jobs }: { readonly jobs: readonly DeadJob[] }) {
  const [t, why] = await Promise.all([getTranslations('installation.jobs'), whyWords()])
  return (
    <Table
      caption={t('list')}
      columns={[
        { head: t('queue'), cell: ({ queue }) => <code>{queue}</code> },
        { head: t('since'), cell: ({ since }) => <Time at={since} form="stamp" /> },
        { head: t('tries'), align: 'end', cell: ({ tries }) => <span className="num">{tries}</span> },
        { head: t('why'), cell: (job) => why(job.why) },
      ]}
      rows={jobs}
      keyOf={({ id }) => id}
      marks={({ id, queue }) => ({ 'data-dead-job': id, 'data-queue': queue })}
    />
  )
}

/** Renders the forms that resend or drop jobs. Dropping needs a reason and never applies to all at once. */
async function Forms({ jobs }: { readonly jobs: readonly DeadJob[] }) {
  const [t, locale] = await Promise.all([getTranslations('installation.jobs'), getLocale()])
  const queues = [...new Set(jobs.map(({ queue }) => queue))]
  const some = [
    ...queues.map((queue) => ({
      value: choiceValue({ queue }),
      label: t('of_queue', { queue, count: jobs.filter((job) => job.queue === queue).length }),
    })),
    ...jobs.map(({ id, queue, since }) => ({
      value: choiceValue({ id }),
      label: t('one', { queue, time: formatInstant(locale === 'en' ? 'en' : 'vi', since, 'stamp') }),
    })),
  ]
  return (
    <>
      <Card>
        <h2>{t('again')}</h2>
        <ActionForm action={sendJobsAgainAction} scope="again" initial={{ which: 'all' }} className="stack">
          <p>{t('again_does')}</p>
          <Select
            name="which"
            label={t('which')}
            options={[{ value: 'all', label: t('all', { count: jobs.length }) }, ...some]}
          />
          <StepUpField />
          <p className="actions">
            <SubmitButton>{t('again')}</SubmitButton>
          </p>
        </ActionForm>
      </Card>
      <Card>
        <h2>{t('drop')}</h2>
        <ActionForm action={dropJobsAction} scope="drop" className="stack">
          <p>{t('drop_does')}</p>
          <Select name="which" label={t('which')} placeholder={t('choose')} options={some} />
          <Field name="reason" label={t('reason')} hint={t('reason_hint')} />
          <StepUpField />
          <p className="actions">
            <SubmitButton look="quiet">{t('drop')}</SubmitButton>
          </p>
        </ActionForm>
      </Card>
    </>
  )
}
