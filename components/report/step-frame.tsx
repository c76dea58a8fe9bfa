import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Steps } from '#components/ui/steps.tsx'
import type { Contact } from '#domain/case/particulars.ts'
import { maskContact } from '#domain/person/contact.ts'
import { STEPS, type Step } from '#domain/report/steps.ts'
import type { Instant } from '#domain/time.ts'
import { formatInstant } from '#messages/dates.ts'

/** The draft a step belongs to, as far as its frame tells of it. */
export interface FramedDraft {
  readonly number: string
  readonly expiresAt: Instant
  readonly filedAtDesk: boolean
  /** The contact with which the draft can be opened elsewhere, once it is confirmed. */
  readonly resumeWith: Contact | null
}

export interface StepFrameProps {
  readonly step: Step
  /** Null before anything is kept. */
  readonly draft: FramedDraft | null
  /** The form of the step. */
  readonly children: ReactNode
}

/** What stands around each step: where one is, what is kept and how to come back, and how to leave no trace. */
export async function StepFrame({ step, draft, children }: StepFrameProps) {
  const t = await getTranslations('report')
  return (
    <div className="stack-l max-w-measure">
      <Steps current={STEPS.indexOf(step) + 1} total={STEPS.length} name={t(`steps.${step}`)} />
      {draft?.filedAtDesk ? (
        <Notice tone="info" title={t('desk.title')}>
          <p>{t('desk.text')}</p>
        </Notice>
      ) : null}
      {children}
      {draft === null ? null : <KeptDraft draft={draft} />}
    </div>
  )
}

async function KeptDraft({ draft }: { readonly draft: FramedDraft }) {
  const [t, locale] = await Promise.all([getTranslations('report'), getLocale()])
  const until = formatInstant(locale, draft.expiresAt, 'moment')
  return (
    <div className="stack text-[0.92rem] text-soft">
      <p>
        {draft.resumeWith === null
          ? t('saved', { until })
          : t.rich('savedResume', {
              until,
              number: draft.number,
              contact: maskContact(draft.resumeWith),
              resume: (words) => <Link href="/report/resume">{words}</Link>,
            })}
      </p>
      {draft.filedAtDesk ? null : <LeaveForm />}
    </div>
  )
}

/** Ends everything in this browser, for who borrowed it. Posts to a handler, which alone can clear a site's data. */
async function LeaveForm() {
  const t = await getTranslations('report')
  return (
    <Details summary={t('leave')}>
      <p>{t('leaveHint')}</p>
      <form method="post" action="/api/case/end">
        <Button look="quiet" size="small">
          {t('leave')}
        </Button>
      </form>
    </Details>
  )
}
