import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Time } from '#components/ui/time.tsx'
import { approvalsFor, unreadApprovals } from '#features/approvals/data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { OneAdmin } from '../accounts/one-admin.tsx'
import { ApprovalCard } from './approval-card.tsx'
import { LendCases } from './lend-cases.tsx'

export const access = 'approval:decide' satisfies Access

export const generateMetadata = titled('approvals', 'title')

const DONE = ['confirmed', 'refused', 'withdrawn', 'asked'] as const

/** Lists what waits for a second person, for the people who confirm it and those who asked. */
export default async function ApprovalsPage({ searchParams }: PageProps<'/[locale]/admin/approvals'>) {
  const staff = await requireStaff(access)
  const now = new Date()
  const [{ done }, locale, t, requests, unread] = await Promise.all([
    searchParams,
    getLocale(),
    getTranslations('approvals'),
    approvalsFor(staff, now),
    unreadApprovals(staff, now),
  ])
  if (requests === null) notFoundPage(locale)
  const told = DONE.find((one) => one === done)
  return (
    <div className="stack-l">
      <PageHeader title={t('title')}>
        <p>{t('lead')}</p>
      </PageHeader>
      {told ? (
        <div role="status">
          <Notice tone="ok" title={told === 'asked' ? t('lend.asked') : t(`done.${told}`)} />
        </div>
      ) : null}
      <OneAdmin staff={staff} />
      <LendCases staff={staff} now={now} />
      {unread.map(({ id, unread: why, askedBy, askedAt }) => (
        <Notice key={id} tone="wait" title={t('unread.title')}>
          <p data-unread={why}>
            {t(`unread.${why}`)} {t('asked')}: {askedBy}, <Time at={askedAt} form="moment" />
          </p>
        </Notice>
      ))}
      {requests.length === 0 ? (
        <EmptyState title={t('none')} />
      ) : (
        <ul className="stack list-none">
          {requests.map((request) => (
            <li key={request.id} className="max-w-none" data-request={request.id} data-kind={request.kind}>
              <ApprovalCard staff={staff} request={request} />
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
