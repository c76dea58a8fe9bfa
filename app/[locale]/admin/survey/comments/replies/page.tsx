import { getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { listReplies } from '#features/ratings/replies/data.ts'
import { ReplyCard } from '#features/ratings/replies/reply-card.tsx'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'
import { localDate } from '#lib/time.ts'
import { titled } from '#messages/page-title.ts'

export const access = 'voice:answer' satisfies Access

export const generateMetadata = titled('survey-comments', 'replies.title')

export default async function RepliesPage({
  searchParams,
}: PageProps<'/[locale]/admin/survey/comments/replies'>) {
  const [staff, { after }, t] = await Promise.all([
    requireStaff(access),
    searchParams,
    getTranslations('survey-comments'),
  ])
  if (staff.agencyId === null) return <EmptyState title={t('noAgency')} />
  const { rows, next } = await listReplies(staff.agencyId, readCursor(after))
  const today = localDate(new Date())
  return (
    <div className="stack-l max-w-measure">
      <PageHeader title={t('replies.title')} lead={t('replies.lead')}>
        <p>
          <Link href="/admin/survey/comments">{t('back')}</Link>
        </p>
      </PageHeader>
      {rows.length === 0 ? <EmptyState title={t('replies.none')} /> : null}
      {rows.map((reply) => (
        <ReplyCard key={reply.id} reply={reply} today={today}>
          <p>
            <Link href={{ pathname: '/admin/survey/comments/replies/[reply]', params: { reply: reply.id } }}>
              {t('replies.update')}
            </Link>
          </p>
        </ReplyCard>
      ))}
      <Pagination
        {...(next && {
          next: { pathname: '/admin/survey/comments/replies', query: { after: writeCursor(next) } },
        })}
      />
    </div>
  )
}
