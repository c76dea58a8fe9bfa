import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { VersionTag } from '#components/survey/version-state.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { requireStaff } from '#server/entry/session.ts'
import { versions } from '#server/survey/loaders/questionnaires.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('survey-questions'))('list.title') }
}

const COLUMNS = ['version', 'state', 'published', 'retired', 'questions'] as const

export default async function QuestionnairesPage() {
  await requireStaff('survey:read')
  const [t, all] = await Promise.all([getTranslations('survey-questions'), versions(new Date())])
  return (
    <div className="stack-l">
      <PageHeader title={t('list.title')} lead={t('list.lead')} />
      <Table
        caption={t('list.versions')}
        captionHidden
        columns={COLUMNS.map((key) => ({ key, label: t(`list.${key}`) }))}
        rows={all.map((one) => ({
          key: String(one.version),
          marks: { 'data-version': one.version, 'data-state': one.state },
          cells: {
            version: t('version', { version: one.version }),
            state: <VersionTag state={one.state} trialPercent={one.trialPercent} />,
            published: one.publishedAt && <Time at={one.publishedAt} form="date" />,
            retired: one.retiredAt && <Time at={one.retiredAt} form="date" />,
            questions: <span className="num">{one.questions}</span>,
          },
        }))}
      />
    </div>
  )
}
