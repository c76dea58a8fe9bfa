import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { MOST_CASES_AT_ONCE } from '#features/cases/decisions/acts.ts'
import { type CaseFileView, readCaseFile } from '#features/cases/file/page-data.ts'
import { requireStaff } from '#http/session.ts'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { FilePaper } from './file-paper.tsx'

export const access = 'case:read' satisfies Access

export const generateMetadata = titled('case-staff', 'sheet.title')

export default async function PrintedFilesPage({ searchParams }: PageProps<'/[locale]/admin/cases/print'>) {
  const staff = await requireStaff(access)
  const [{ numbers }, t] = await Promise.all([searchParams, getTranslations('case-staff')])
  const now = new Date()
  const asked = [...new Set(typeof numbers === 'string' ? numbers.split('.') : [])].slice(
    0,
    MOST_CASES_AT_ONCE,
  )
  // One after another, because each file takes a dozen queries.
  const views: CaseFileView[] = []
  for (const number of asked) {
    const view = await readCaseFile(staff, number, now)
    if (view) views.push(view)
  }
  return (
    <div className="stack">
      <div className="print-hidden flex flex-wrap items-baseline gap-x-6 gap-y-1">
        <Link href="/admin/cases">{t('queue.back')}</Link>
        <p className="text-soft">{t('sheet.how')}</p>
        <p role="status">{t('bulk.papers', { count: views.length, all: asked.length })}</p>
      </div>
      {views.some(({ openUntil }) => openUntil === null) ? (
        <Notice tone="info">{t('bulk.papers_closed')}</Notice>
      ) : null}
      {views.map((view) => (
        <div key={view.snapshot.id} className="sheet-of-several">
          <FilePaper staff={staff} view={view} now={now} />
        </div>
      ))}
    </div>
  )
}
