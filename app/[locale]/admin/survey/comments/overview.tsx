import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { PageHeader } from '#components/ui/page-header.tsx'
import { Table } from '#components/ui/table.tsx'
import { COUNTED, voicesByAgency } from '#features/ratings/queries/comments.ts'
import type { StaffActor } from '#lib/access/actor.ts'
import { HeldNotice } from './held-notice.tsx'

/** Shows what waits at each agency; none of the numbers is counted beyond a hundred. */
export async function Overview({ staff }: { readonly staff: StaffActor }) {
  const [locale, t, agencies] = await Promise.all([
    getLocale(),
    getTranslations('survey-comments'),
    voicesByAgency(staff, new Date()),
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
          { key: 'agency', label: t('overview.agency') },
          { key: 'open', label: t('overview.open'), align: 'end' },
          { key: 'answered', label: t('overview.answered'), align: 'end' },
          { key: 'overdue', label: t('overview.overdue'), align: 'end' },
        ]}
        rows={(agencies ?? []).map(({ id, nameVi, nameEn, open, answered, overdue }) => ({
          key: id,
          marks: { 'data-agency': id, 'data-open': open, 'data-overdue': overdue },
          cells: {
            agency: (
              <Link href={{ pathname: '/admin/survey/comments/agencies/[agency]', params: { agency: id } }}>
                {locale === 'vi' ? nameVi : nameEn}
              </Link>
            ),
            open: count(open),
            answered: count(answered),
            overdue: count(overdue),
          },
        }))}
      />
    </div>
  )
}
