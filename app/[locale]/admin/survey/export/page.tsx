import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { listExportable } from '#features/results/answers-data.ts'
import { asksForCode, requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { StepUpField } from '../../step-up-field.tsx'
import { stepUpAction } from './actions.ts'

export const access = 'survey:manage' satisfies Access

export const generateMetadata = titled('survey-export', 'title')

const CONTENTS = ['has', 'hasNot', 'order', 'audited'] as const

export default async function ExportPage() {
  const staff = await requireStaff(access)
  const [t, versions, asks] = await Promise.all([
    getTranslations('survey-export'),
    listExportable(staff, new Date()),
    asksForCode('file'),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')} />
      <ul className="prose list-disc space-y-1 pl-5">
        {CONTENTS.map((line) => (
          <li key={line}>{t(line)}</li>
        ))}
      </ul>
      {asks ? (
        <section className="card stack">
          <h2>{t('ask')}</h2>
          <p>{t('ask_lead')}</p>
          <ActionForm action={stepUpAction} className="stack">
            <StepUpField kind="file" />
            <p className="actions">
              <SubmitButton>{t('go_on')}</SubmitButton>
            </p>
          </ActionForm>
        </section>
      ) : null}
      <Table
        caption={t('versions')}
        columns={[
          { head: t('version'), cell: ({ version }) => t('name', { version }) },
          {
            head: t('answers'),
            align: 'end',
            cell: ({ answers }) => <span className="num">{t('count', { count: answers })}</span>,
          },
          !asks && {
            head: t('file'),
            align: 'end',
            cell: ({ version }) => (
              <a
                className="button"
                data-look="quiet"
                data-size="small"
                href={`/api/survey/export/${version}`}
                download
              >
                {t('download')}
                <span className="sr-only"> {t('name', { version })}</span>
              </a>
            ),
          },
        ]}
        rows={versions}
        keyOf={({ version }) => String(version)}
        marks={({ version, answers }) => ({ 'data-version': version, 'data-responses': answers })}
      />
    </div>
  )
}
