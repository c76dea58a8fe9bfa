import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { Tag } from '#components/ui/tag.tsx'
import { listRawComments, type RawComment } from '#features/ratings/comments/reading-data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { formatMonth } from '#messages/dates.ts'
import { titled } from '#messages/page-title.ts'
import { AnsweredQuestion } from '../../answered-question.tsx'
import { formatPlace, readPlace } from '../../place.ts'
import { RawText } from '../../raw-text.tsx'

export const access = 'voice:moderate' satisfies Access

export const generateMetadata = titled('survey-comments', 'raw.title')

/** Renders every comment on one agency as written, for the survey manager only. */
export default async function AgencyCommentsPage({
  params,
  searchParams,
}: PageProps<'/[locale]/admin/survey/comments/agencies/[agency]'>) {
  const [staff, { agency }, { after }, locale, t] = await Promise.all([
    requireStaff(access),
    params,
    searchParams,
    getLocale(),
    getTranslations('survey-comments'),
  ])
  const page = await listRawComments(staff, decodeURIComponent(agency), readPlace(after), new Date())
  if (page === null) notFoundPage(locale)
  const name = locale === 'vi' ? page.agency.nameVi : page.agency.nameEn
  return (
    <div className="stack-l">
      <PageHeader kicker={t('title')} title={name} lead={t('raw.lead')}>
        <p>
          <Link href="/admin/survey/comments">{t('raw.back')}</Link>
        </p>
      </PageHeader>
      {page.rows.length === 0 ? <EmptyState title={t('raw.none')} /> : null}
      <ul className="space-y-3">
        {page.rows.map((comment) => (
          <li key={comment.id} className="card stack" data-comment={comment.id}>
            <AnsweredQuestion version={comment.questionnaireVersion} question={comment.question} />
            <RawText stretches={comment.stretches} />
            <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-soft">
              <span>{formatMonth(locale, comment.receivedMonth)}</span>
              <State comment={comment} />
              <Link
                href={{
                  pathname: '/admin/survey/comments/agencies/[agency]/[comment]',
                  params: { agency: page.agency.id, comment: comment.id },
                }}
              >
                {t('raw.mask')}
                <span className="sr-only"> {comment.stretches[0]?.text.slice(0, 40)}</span>
              </Link>
            </div>
          </li>
        ))}
      </ul>
      <Pagination
        {...(page.next && {
          next: {
            pathname: '/admin/survey/comments/agencies/[agency]',
            params: { agency: page.agency.id },
            query: { after: formatPlace(page.next) },
          },
        })}
      />
    </div>
  )
}

async function State({ comment }: { readonly comment: RawComment }) {
  const t = await getTranslations('survey-comments')
  const { exclusionId, released, replyId, masked, review } = comment
  const state =
    exclusionId !== null ? 'excluded' : released ? (replyId === null ? 'open' : 'answered') : 'waiting'
  return (
    <>
      <Tag tone={state === 'open' ? 'wait' : 'plain'}>{t(`raw.${state}`)}</Tag>
      {review === 'doubtful' || review === 'passed' || review === 'kept_back' ? (
        <Tag tone={review === 'doubtful' ? 'wait' : 'plain'}>{t(`held.state.${review}`)}</Tag>
      ) : null}
      {masked === null ? null : <Tag tone="plain">{t('raw.byHand')}</Tag>}
    </>
  )
}
