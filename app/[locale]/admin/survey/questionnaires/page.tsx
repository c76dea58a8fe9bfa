import { getTranslations } from 'next-intl/server'
import { ActionForm } from '#components/form/action-form.tsx'
import { Select } from '#components/form/choices.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'
import { Card } from '#components/ui/card.tsx'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { listVersions } from '#features/questionnaires/versions/data.ts'
import { VersionTag } from '#features/questionnaires/versions/version-story.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { startDraftAction } from './actions.ts'

export const access = 'survey:read' satisfies Access

export const generateMetadata = titled('survey-questions', 'list.title')

export default async function QuestionnairesPage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/questionnaires'>) {
  const staff = await requireStaff(access)
  const [t, { done }, all] = await Promise.all([
    getTranslations('survey-questions'),
    searchParams,
    listVersions(staff, new Date()),
  ])
  return (
    <div className="stack-l">
      <PageHeader title={t('list.title')} lead={t('list.lead')} />
      {done === 'discarded' ? <DoneNotice title={t('done.discarded')} /> : null}
      <Table
        caption={t('list.versions')}
        captionHidden
        columns={[
          {
            head: t('list.version'),
            cell: (one) => (
              <Link
                href={{
                  pathname: '/admin/survey/questionnaires/[version]',
                  params: { version: String(one.version) },
                }}
              >
                {t('version', { version: one.version })}
              </Link>
            ),
          },
          {
            head: t('list.state'),
            cell: (one) => <VersionTag state={one.state} trialPercent={one.trialPercent} />,
          },
          {
            head: t('list.published'),
            cell: (one) => one.publishedAt && <Time at={one.publishedAt} form="date" />,
          },
          {
            head: t('list.retired'),
            cell: (one) => one.retiredAt && <Time at={one.retiredAt} form="date" />,
          },
          { head: t('list.questions'), cell: (one) => <span className="num">{one.questions}</span> },
        ]}
        rows={all}
        keyOf={(one) => String(one.version)}
        marks={(one) => ({ 'data-version': one.version, 'data-state': one.state })}
      />
      {may(staff.role, 'survey:manage') ? (
        <NewDraft bases={all.filter(({ mayBeBase }) => mayBeBase)} />
      ) : null}
    </div>
  )
}

async function NewDraft({ bases }: { readonly bases: Awaited<ReturnType<typeof listVersions>> }) {
  const t = await getTranslations('survey-questions')
  const best = bases.find(({ state }) => state === 'current') ?? bases[0]
  return (
    <Card>
      <h2>{t('draft.title')}</h2>
      <ActionForm
        action={startDraftAction}
        scope="draft"
        className="stack"
        initial={{ base: String(best?.version ?? '') }}
      >
        <Select
          name="base"
          label={t('draft.base')}
          hint={t('draft.lead')}
          options={bases.map(({ version, state, trialPercent }) => ({
            value: String(version),
            label: `${t('version', { version })} · ${t(`state.${state}`, { percent: trialPercent ?? 0 })}`,
          }))}
        />
        <p className="actions">
          <SubmitButton>{t('draft.start')}</SubmitButton>
        </p>
      </ActionForm>
    </Card>
  )
}
