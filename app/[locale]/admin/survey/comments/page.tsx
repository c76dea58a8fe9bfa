import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import {
  COUNTED,
  countHeldFor,
  HELD_DAYS,
  listVoicesByAgency,
} from '#features/ratings/comments/reading-data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { may } from '#lib/access/roles.ts'
import { titled } from '#messages/page-title.ts'
import { AgencyInbox } from './agency-inbox.tsx'

export const access = 'voice:read' satisfies Access

export const generateMetadata = titled('survey-comments', 'title')

/** Shows an agency's viewer its own comments, and the survey manager the waiting work of all agencies. */
export default async function CommentsPage({ searchParams }: PageProps<'/[locale]/admin/survey/comments'>) {
  const [staff, sent] = await Promise.all([requireStaff(access), searchParams])
  return may(staff.role, 'voice:answer') ? (
    <AgencyInbox staff={staff} sent={sent} />
  ) : (
    <Overview staff={staff} />
  )
}

async function Overview({ staff }: { readonly staff: StaffActor }) {
  const [locale, t, agencies] = await Promise.all([
    getLocale(),
    getTranslations('survey-comments'),
    listVoicesByAgency(staff, new Date()),
  ])
  const count = (n: number) => <span className="num">{n > COUNTED ? t('more', { count: COUNTED }) : n}</span>
  return (
    <div className="stack-l">
      <PageHeader title={t('title')} lead={t('overview.lead')} />
      <HeldNotice staff={staff} />
      <Table
        caption={t('overview.list')}
        captionHidden
        phone="scroll"
        columns={[
          {
            head: t('overview.agency'),
            cell: ({ id, nameVi, nameEn }) => (
              <Link href={{ pathname: '/admin/survey/comments/agencies/[agency]', params: { agency: id } }}>
                {locale === 'vi' ? nameVi : nameEn}
              </Link>
            ),
          },
          { head: t('overview.open'), align: 'end', cell: ({ open }) => count(open) },
          { head: t('overview.answered'), align: 'end', cell: ({ answered }) => count(answered) },
          { head: t('overview.overdue'), align: 'end', cell: ({ overdue }) => count(overdue) },
        ]}
        rows={agencies ?? []}
        keyOf={({ id }) => id}
        marks={({ id, open, overdue }) => ({ 'data-agency': id, 'data-open': open, 'data-overdue': overdue })}
      />
    </div>
  )
}

/** Shows the survey manager the number of comments that wait for them, if any; shows other people nothing. */
async function HeldNotice({ staff }: { readonly staff: StaffActor }) {
  const [t, waiting] = await Promise.all([
    getTranslations('survey-comments.held'),
    countHeldFor(staff, new Date()),
  ])
  if (waiting === null || waiting.held === 0) return null
  const { held, old } = waiting
  return (
    <div data-held-count={held} data-held-old={old}>
      <Notice tone="wait" title={t('count', { count: Math.min(held, COUNTED) })}>
        {old === 0 ? null : <p>{t('countOld', { count: Math.min(old, COUNTED), days: HELD_DAYS })}</p>}
        <p>
          <Link href="/admin/survey/comments/held">{t('open')}</Link>
        </p>
      </Notice>
    </div>
  )
}
