import { redirect } from 'next/navigation'
import { getLocale, getTranslations } from 'next-intl/server'
import { ButtonLink } from '#components/ui/button.tsx'
import { Link } from '#components/ui/link.tsx'
import { maskContact } from '#features/cases/contacts/rules.ts'
import { needsProof } from '#features/reporting/steps/phone-rules.ts'
import { StepFrame } from '#features/reporting/steps/step-frame.tsx'
import type { Access } from '#lib/access/access.ts'
import { formatInstant } from '#messages/dates.ts'
import { draftAt, stepPath } from '../step.ts'
import { stepMetadata } from '../title.ts'

export const access = 'holder of a draft’s cookie' satisfies Access

export const generateMetadata = stepMetadata('saved')

/** Says that a report is kept until it can be sent: what is missing, until when it is kept, and how to return to it. */
export default async function SavedPage() {
  const draft = await draftAt('review')
  const [t, locale] = await Promise.all([getTranslations('report.saved'), getLocale()])
  if (draft.evidence > 0 || !needsProof(draft.report.phone)) redirect(stepPath(locale, 'review'))
  const contact = draft.resumeWith === null ? '' : maskContact(draft.resumeWith)
  return (
    <StepFrame step="review" draft={draft}>
      <div className="stack-l">
        <div className="stack">
          <h1>{t('title')}</h1>
          <p>
            {t('until', { until: formatInstant(locale, draft.expiresAt, 'moment') })}{' '}
            {draft.filedAtDesk ? null : t('reminded')}
          </p>
        </div>
        <ul className="stack">
          <li>{t('needProof')}</li>
        </ul>
        <p>
          {t.rich('return', {
            contact,
            resume: (words) => <Link href="/track/find">{words}</Link>,
          })}
        </p>
        <p className="actions">
          <ButtonLink href="/report/evidence" look="quiet">
            {t('goOn')}
          </ButtonLink>
        </p>
      </div>
    </StepFrame>
  )
}
