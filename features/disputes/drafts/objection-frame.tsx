import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Link } from '#components/ui/link.tsx'
import { maskContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import { CityLine } from '#features/hotlines/lines.tsx'
import { LeaveForm, StepLayout } from '#features/reporting/steps/step-layout.tsx'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { OBJECTION_STEPS, type ObjectionStep } from './rules.ts'

export async function ObjectionFrame({
  step,
  draft,
  hotline,
  children,
}: {
  readonly step: ObjectionStep
  readonly draft: {
    readonly number: string
    readonly expiresAt: Instant
    /** The confirmed contact that can open the draft in another browser. */
    readonly resumeWith: Contact | null
  } | null
  readonly hotline: string
  readonly children: ReactNode
}) {
  const [t, locale] = await Promise.all([getTranslations('objection'), getLocale()])
  const until = draft && formatInstant(locale, draft.expiresAt, 'moment')
  return (
    <StepLayout
      steps={OBJECTION_STEPS.map((key) => t(`steps.${key}`))}
      current={OBJECTION_STEPS.indexOf(step)}
      kept={
        <div className="stack text-sm text-soft">
          <CityLine hotline={hotline} />
          {draft === null || until === null ? null : (
            <>
              <p>
                {draft.resumeWith === null
                  ? t('saved', { until })
                  : t.rich('savedResume', {
                      until,
                      number: draft.number,
                      contact: maskContact(draft.resumeWith),
                      resume: (words) => <Link href="/blocked/object/resume">{words}</Link>,
                    })}
              </p>
              <LeaveForm hint={t('leaveHint')} />
            </>
          )}
        </div>
      }
    >
      {children}
    </StepLayout>
  )
}
