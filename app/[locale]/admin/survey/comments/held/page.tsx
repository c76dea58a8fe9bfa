import { getLocale, getTranslations } from 'next-intl/server'
import { DoneNotice } from '#components/ui/done-notice.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { HELD_DAYS, listHeldComments } from '#features/ratings/comments/reading-data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatDate } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { AnsweredQuestion } from '../answered-question.tsx'
import { formatPlace, readPlace } from '../place.ts'
import { RawText } from '../raw-text.tsx'
import { ReviewForm } from '../review-form.tsx'

export const access = 'voice:moderate' satisfies Access

export const generateMetadata = titled('survey-comments.held', 'title')

/** Renders the comments that may identify their writer even when masked; the survey manager sees them before the agency does. */
export default async function HeldPage({ searchParams }: PageProps<'/[locale]/admin/survey/comments/held'>) {
  const [staff, { after, done }, locale, t] = await Promise.all([
    requireStaff(access),
    searchParams,
    getLocale(),
    getTranslations('survey-comments.held'),
  ])
  const place = readPlace(after)
  const page = await listHeldComments(staff, place && { heldOn: place.month, id: place.id }, new Date())
  if (page === null) notFoundPage(locale)
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('lead')}>
        <p>
          <Link href="/admin/survey/comments">{t('back')}</Link>
        </p>
      </PageHeader>
      {done === 'passed' || done === 'kept_back' ? <DoneNotice title={t(`done.${done}`)} /> : null}
      {page.rows.length === 0 ? <EmptyState title={t('none')} /> : null}
      <ul className="space-y-3">
        {page.rows.map((comment) => (
          <li key={comment.id} className="card stack" data-held={comment.id} data-old={comment.old}>
            <p className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-soft">
              <b>{locale === 'vi' ? comment.agencyNameVi : comment.agencyNameEn}</b>
              {comment.heldOn === null ? null : (
                <span>
                  {t('since', { date: formatDate(locale, comment.heldOn.toISOString().slice(0, 10)) })}
                </span>
              )}
              {comment.old ? <Tag tone="wait">{t('old', { days: HELD_DAYS })}</Tag> : null}
            </p>
            <AnsweredQuestion version={comment.questionnaireVersion} question={comment.question} />
            <RawText stretches={comment.stretches} />
            <div className="flex flex-wrap items-center gap-4">
              <ReviewForm comment={comment} />
              <Link
                href={{
                  pathname: '/admin/survey/comments/agencies/[agency]/[comment]',
                  params: { agency: comment.agencyId, comment: comment.id },
                }}
              >
                {t('mask')}
                <span className="sr-only"> {comment.stretches[0]?.text.slice(0, 40)}</span>
              </Link>
            </div>
          </li>
        ))}
      </ul>
      <Pagination
        {...(page.next && {
          next: {
            pathname: '/admin/survey/comments/held',
            query: { after: formatPlace({ month: page.next.heldOn, id: page.next.id }) },
          },
        })}
      />
    </div>
  )
}
