import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Notice } from '#components/ui/notice.tsx'
import { maskContact } from '#features/cases/contacts/rules.ts'
import type { Contact } from '#features/cases/particulars/rules.ts'
import type { Instant } from '#lib/time.ts'
import { formatInstant } from '#messages/dates.ts'
import { DeskDone } from '../receipt/desk-done.tsx'
import { COUNTED_STEPS, isCounted, type ReportStep, STEPS } from './rules.ts'
import { LeaveForm, StepLayout } from './step-layout.tsx'

export interface FramedDraft {
  readonly number: string
  readonly expiresAt: Instant
  readonly filedAtDesk: boolean
  readonly resumeWith: Contact | null
}

/** Renders the frame of a step: progress, how to come back to the draft, and how to leave no trace. */
export async function StepFrame({
  step,
  draft,
  aside,
  before = null,
  after,
  wide = false,
  children,
}: {
  readonly step: ReportStep
  /** Null before anything is saved. */
  readonly draft: FramedDraft | null
  /** Help: after the form on a phone, beside it on a wide screen. */
  readonly aside?: ReactNode
  /** Shown above the form: what the reader must know first. */
  readonly before?: ReactNode
  readonly after?: ReactNode
  /** The form uses the full width, with nothing beside it. */
  readonly wide?: boolean
  readonly children: ReactNode
}) {
  const t = await getTranslations('report')
  return (
    <StepLayout
      steps={COUNTED_STEPS.map((key) => t(`steps.${key}`))}
      current={countedStep(step)}
      between={isCounted(step) ? undefined : t(`steps.${step}`)}
      aside={aside}
      wide={wide}
      notice={
        draft?.filedAtDesk ? (
          <Notice tone="info" title={t('desk.title')}>
            <p>{t('desk.text')}</p>
          </Notice>
        ) : (
          before
        )
      }
      kept={draft === null ? after : <KeptDraft draft={draft} />}
    >
      {children}
    </StepLayout>
  )
}

/** Returns a step's index among the counted steps, from 0; other steps get the index of the step before. */
const countedStep = (step: ReportStep): number =>
  STEPS.slice(0, STEPS.indexOf(step) + 1).filter(isCounted).length - 1

async function KeptDraft({ draft }: { readonly draft: FramedDraft }) {
  const [t, locale] = await Promise.all([getTranslations('report'), getLocale()])
  const until = formatInstant(locale, draft.expiresAt, 'stamp')
  return (
    <div className="stack text-sm text-soft">
      <p>
        {draft.resumeWith === null
          ? t('savedHere')
          : t('savedResume', { until, contact: maskContact(draft.resumeWith) })}
      </p>
      {draft.filedAtDesk ? <DeskDone hint={t('desk.leaveHint')} /> : <LeaveForm hint={t('leaveHint')} />}
    </div>
  )
}
