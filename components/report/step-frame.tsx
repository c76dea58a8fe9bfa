import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Link } from '#components/ui/link.tsx'
import { Notice } from '#components/ui/notice.tsx'
import { Steps } from '#components/ui/steps.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
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
  /** Before the form on a phone, beside it on a wide screen. */
  readonly intro?: ReactNode
  /** The form lays itself out over the whole width, with nothing beside it. */
  readonly wide?: boolean
  /** The form of the step. */
  readonly children: ReactNode
}

/**
 * What stands around each step: where one is, what is kept and how to come back, and how to leave no trace. On a phone
 * above and below the form, on a wide screen beside it.
 */
export async function StepFrame({ step, draft, intro, wide = false, children }: StepFrameProps) {
  const t = await getTranslations('report')
  const current = STEPS.indexOf(step)
  const bar = <Steps current={current + 1} total={STEPS.length} name={t(`steps.${step}`)} />
  const kept = draft === null ? null : <KeptDraft draft={draft} />
  const desk = draft?.filedAtDesk ? (
    <Notice tone="info" title={t('desk.title')}>
      <p>{t('desk.text')}</p>
    </Notice>
  ) : null
  if (wide) {
    return (
      <div className="stack-l">
        {bar}
        {desk}
        {children}
        {kept}
      </div>
    )
  }
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-x-12 gap-y-9 lg:grid-cols-[minmax(0,var(--container-measure))_20rem] lg:grid-rows-[auto_1fr] lg:justify-between">
      <div className="flex flex-col gap-9 lg:col-start-2">
        <div className="lg:hidden">{bar}</div>
        {/* On a phone what needs correcting comes first. */}
        <div className="empty:hidden max-lg:[main:has([data-error-summary])_&]:hidden">{intro}</div>
        <section className="card stack max-lg:hidden">
          {/* No heading: the page's own comes after it. */}
          <p className="font-semibold">{t('stepsTitle')}</p>
          <Timeline
            entries={STEPS.map((one, index) => ({
              key: one,
              title: t(`steps.${one}`),
              when: index < current ? 'done' : index === current ? 'now' : 'next',
            }))}
          />
        </section>
      </div>
      <div className="stack-l lg:col-start-1 lg:row-span-2 lg:row-start-1">
        {desk}
        {children}
      </div>
      {kept === null ? null : <div className="lg:col-start-2">{kept}</div>}
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
