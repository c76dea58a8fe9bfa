import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Pagination } from '#components/ui/pagination.tsx'
import { listAgencyReplies } from '#features/ratings/replies/data.ts'
import { ReplyCard } from '#features/ratings/replies/reply-card.tsx'
import type { SearchOf } from '#http/kept-pages.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import type { Access } from '#lib/access/access.ts'
import { readCursor, writeCursor } from '#lib/cursor.ts'
import { localDate } from '#lib/time.ts'

export const access = 'anybody' satisfies Access

interface Props {
  readonly params: Promise<{ readonly agency: string }>
  readonly searchParams: SearchOf<'/results/[agency]/replies'>
}

async function load({ params, searchParams }: Props) {
  const [{ agency: id }, { after }, locale] = await Promise.all([params, searchParams, getLocale()])
  const now = new Date()
  const found = await listAgencyReplies(decodeURIComponent(id), readCursor(after), now)
  if (found === null) notFoundPage(locale)
  const { nameVi, nameEn } = found.agency
  return { ...found, today: localDate(now), name: locale === 'vi' ? nameVi : nameEn }
}

export async function generateMetadata(props: Props): Promise<Metadata> {
  const [t, { name }] = await Promise.all([getTranslations('survey-replies'), load(props)])
  return { title: t('of', { agency: name }) }
}

export default async function AgencyRepliesPage(props: Props) {
  const [t, { agency, rows, next, today, name }] = await Promise.all([
    getTranslations('survey-replies'),
    load(props),
  ])
  const params = { agency: agency.id }
  return (
    <div className="stack-l max-w-measure">
      <PageHeader kicker={name} title={t('title')} lead={t('lead')} />
      {rows.length === 0 ? <EmptyState title={t('none')} /> : null}
      {rows.map((reply) => (
        <ReplyCard key={reply.id} reply={reply} today={today} />
      ))}
      <Pagination
        {...(next && {
          next: { pathname: '/results/[agency]/replies', params, query: { after: writeCursor(next) } },
        })}
      />
      <p>
        <Link href={{ pathname: '/results/[agency]', params }}>{t('toResults')}</Link>
      </p>
    </div>
  )
}
