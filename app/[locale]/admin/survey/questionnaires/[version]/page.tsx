import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { VersionTag } from '#components/survey/version-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { may } from '#domain/access/roles.ts'
import { requireStaff } from '#server/entry/session.ts'
import { Draft } from './draft.tsx'
import { loadVersion } from './load.ts'
import { Published } from './published.tsx'

interface Props {
  readonly params: Promise<{ readonly version: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const [t, { version }] = await Promise.all([getTranslations('survey-questions'), params])
  return { title: t('version', { version }) }
}

export default async function VersionPage({ params }: Props) {
  const staff = await requireStaff('survey:read')
  const [t, { version }] = await Promise.all([getTranslations('survey-questions'), params])
  const one = await loadVersion(version)
  const mayManage = may(staff.role, 'survey:manage')
  const lead =
    one.state === 'draft' && one.baseVersion ? t('draft.from', { version: one.baseVersion }) : undefined
  return (
    <div className="stack-l" data-version={one.version} data-state={one.state}>
      <PageHeader
        kicker={t('list.title')}
        title={t('version', { version: one.version })}
        {...(lead !== undefined && { lead })}
      >
        <p>
          <VersionTag state={one.state} trialPercent={one.trialPercent} />
        </p>
      </PageHeader>
      {one.state === 'draft' && mayManage ? (
        <Draft draft={one} />
      ) : (
        <Published version={one} mayManage={mayManage} />
      )}
      <p>
        <Link href="/admin/survey/questionnaires">{t('page.back')}</Link>
      </p>
    </div>
  )
}
