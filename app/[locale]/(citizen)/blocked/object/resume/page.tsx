import { getTranslations } from 'next-intl/server'
import { Link } from '#components/ui/link.tsx'
import { objectionNumbers } from '#features/disputes/objections/rules.ts'
import { ResumeForm } from '#features/reporting/drafts/resume-form.tsx'
import type { Access } from '#lib/access/access.ts'
import { titled } from '#messages/page-title.ts'
import { resumeObjectionAction } from '../actions.ts'

export const access = 'anybody' satisfies Access

export const generateMetadata = titled('objection.resume', 'title')

/** Opens the draft of an objection in this browser: its number first, then the code that its contact was sent. */
export default async function ResumeObjectionPage({
  searchParams,
}: PageProps<'/[locale]/blocked/object/resume'>) {
  const t = await getTranslations('objection.resume')
  const { number: asked } = await searchParams
  const number = objectionNumbers.parse(typeof asked === 'string' ? asked : '')
  return (
    <div className="stack-l max-w-measure">
      <ResumeForm
        action={resumeObjectionAction}
        number={number.ok ? number.value : null}
        title={t('title')}
        numberHint={t('numberHint')}
        page="/blocked/object/resume"
      />
      <p className="text-soft">
        {t.rich('lost', { contact: (words) => <Link href="/blocked/follow/contact">{words}</Link> })}
      </p>
      <p className="text-soft">
        {t.rich('notHere', { follow: (words) => <Link href="/blocked/follow">{words}</Link> })}
      </p>
    </div>
  )
}
