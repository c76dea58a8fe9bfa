import type { Metadata } from 'next'
import { getLocale, getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { readCaseFile } from '#features/cases/file/page-data.ts'
import { notFoundPage } from '#http/not-found-page.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { FilePaper } from '../../print/file-paper.tsx'

export const access = 'case:read' satisfies Access

export async function generateMetadata({
  params,
}: PageProps<'/[locale]/admin/cases/[number]/print'>): Promise<Metadata> {
  const [{ number }, t] = await Promise.all([params, getTranslations('case-staff')])
  return { title: `${t('sheet.title')} ${decodeURIComponent(number)}` }
}

export default async function PrintedFilePage({ params }: PageProps<'/[locale]/admin/cases/[number]/print'>) {
  const staff = await requireStaff(access)
  const [{ number }, locale, t, d] = await Promise.all([
    params,
    getLocale(),
    getTranslations('case-staff'),
    getTranslations('disclosure'),
  ])
  const now = new Date()
  const view = await readCaseFile(staff, decodeURIComponent(number), now)
  if (!view) notFoundPage(locale)
  return (
    <div className="stack">
      <div className="print-hidden flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <Link href={{ pathname: '/admin/cases/[number]', params: { number: view.snapshot.number } }}>
          {t('sheet.back')}
        </Link>
        <p className="text-soft">{t('sheet.how')}</p>
        {view.openUntil ? null : <p>{d('print_closed')}</p>}
      </div>
      <FilePaper staff={staff} view={view} now={now} />
    </div>
  )
}
