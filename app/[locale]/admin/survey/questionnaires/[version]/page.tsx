import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Written } from '#components/ui/written.tsx'
import { listUncredited } from '#features/questionnaires/suggestions/data.ts'
import { VersionTag } from '#features/questionnaires/versions/version-story.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { Draft } from './draft.tsx'
import { loadVersion } from './load.ts'
import { Published } from './published.tsx'

export const access = 'survey:read' satisfies Access

const DONE = ['started', 'question', 'arranged', 'basis', 'published', 'retired', 'decided'] as const

export async function generateMetadata({
  params,
}: Pick<PageProps<'/[locale]/admin/survey/questionnaires/[version]'>, 'params'>): Promise<Metadata> {
  const [t, { version }] = await Promise.all([getTranslations('survey-questions'), params])
  return { title: t('version', { version }) }
}

export default async function VersionPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/survey/questionnaires/[version]'>) {
  const staff = await requireStaff(access)
  const [t, { version }, { done }] = await Promise.all([
    getTranslations('survey-questions'),
    params,
    searchParams,
  ])
  const said = DONE.find((key) => key === done)
  const one = await loadVersion(staff, version)
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
      {said ? <DoneNotice title={t(`done.${said}`)} /> : null}
      {said === 'published' && mayManage ? <Uncredited staff={staff} version={one.version} /> : null}
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

/** Lists accepted or tried suggestions without a version, and asks whether this version results from them. */
async function Uncredited({ staff, version }: { readonly staff: StaffActor; readonly version: number }) {
  const [locale, t, open] = await Promise.all([
    getLocale(),
    getTranslations('survey-suggestions.uncredited'),
    listUncredited(staff, version),
  ])
  if (open.length === 0) return null
  return (
    <div data-uncredited={open.length}>
      <Notice tone="info" title={t('title')}>
        <p>{t('text')}</p>
        <ul className="list-disc space-y-1 pl-5">
          {open.map(({ id, summaryVi, summaryEn }) => (
            <li key={id}>
              <Link href={{ pathname: '/admin/survey/suggestions/[suggestion]', params: { suggestion: id } }}>
                <Written>{(locale === 'en' && summaryEn) || summaryVi || ''}</Written>
              </Link>
            </li>
          ))}
        </ul>
      </Notice>
    </div>
  )
}
