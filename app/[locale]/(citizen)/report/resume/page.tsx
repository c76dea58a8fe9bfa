import type { Metadata } from 'next'
import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { parseCaseNumber } from '#features/cases/rules/number.ts'
import { ResumeForm } from '#features/reporting/components/resume-form.tsx'
import { resumeAction } from '../actions.ts'

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('report.resume'))('title') }
}

/** Opens a draft in this browser: its number first, then the code that its contact was sent. */
export default async function ResumePage({
  searchParams,
}: {
  searchParams: Promise<{ readonly number?: string | string[] }>
}) {
  const t = await getTranslations('report.resume')
  const { number: asked } = await searchParams
  const number = parseCaseNumber(typeof asked === 'string' ? asked : '')
  return (
    <div className="stack-l max-w-measure">
      <ResumeForm
        action={resumeAction}
        number={number.ok ? number.value : null}
        title={t('title')}
        numberHint={t('caseNumberHint')}
        page="/report/resume"
      />
      <p className="text-soft">
        {t.rich('notHere', { track: (words) => <Link href="/track">{words}</Link> })}
      </p>
    </div>
  )
}
