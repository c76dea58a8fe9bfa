import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { LeaveForm, StepLayout } from '#components/report/step-layout.tsx'
import { OBJECTION_STEPS, type ObjectionStep } from '#domain/objection/holder.ts'
import type { Instant } from '#domain/time.ts'
import { formatInstant } from '#messages/dates.ts'

export interface ObjectionFrameProps {
  readonly step: ObjectionStep
  /** When what is kept of it goes; null before anything is. */
  readonly expiresAt: Instant | null
  readonly children: ReactNode
}

/** What stands around each step of an objection. */
export async function ObjectionFrame({ step, expiresAt, children }: ObjectionFrameProps) {
  const [t, locale] = await Promise.all([getTranslations('objection'), getLocale()])
  return (
    <StepLayout
      steps={OBJECTION_STEPS.map((key) => ({ key, name: t(`steps.${key}`) }))}
      current={OBJECTION_STEPS.indexOf(step)}
      title={t('title')}
      kept={
        expiresAt === null ? null : (
          <div className="stack text-[0.92rem] text-soft">
            <p>{t('saved', { until: formatInstant(locale, expiresAt, 'moment') })}</p>
            <LeaveForm hint={t('leaveHint')} />
          </div>
        )
      }
    >
      {children}
    </StepLayout>
  )
}
