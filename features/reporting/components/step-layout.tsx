import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Steps } from '#components/ui/steps.tsx'
import { Timeline } from '#components/ui/timeline.tsx'
import { sentFrom } from '#messages/sender.ts'

export interface StepLayoutProps {
  /** The names of all steps, in their order. */
  readonly steps: readonly { readonly key: string; readonly name: string }[]
  /** From 0. */
  readonly current: number
  readonly title: string
  /** Above the form. */
  readonly notice?: ReactNode
  /** Before the form on a phone, beside it on a wide screen. */
  readonly intro?: ReactNode
  /** The form lays itself out over the whole width, with nothing beside it. */
  readonly wide?: boolean
  /** The words on what is kept so far and how to come back to it. */
  readonly kept?: ReactNode
  /** The form of the step. */
  readonly children: ReactNode
}

/** Around each step of a form: where one is. On a phone above and below the form, on a wide screen beside it. */
export function StepLayout({ steps, current, title, notice, intro, wide, kept, children }: StepLayoutProps) {
  const bar = <Steps current={current + 1} total={steps.length} name={steps[current]?.name ?? ''} />
  if (wide) {
    return (
      <div className="stack-l">
        {bar}
        {notice}
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
          <p className="font-semibold">{title}</p>
          <Timeline
            entries={steps.map(({ key, name }, index) => ({
              key,
              title: name,
              when: index < current ? 'done' : index === current ? 'now' : 'next',
            }))}
          />
        </section>
      </div>
      <div className="stack-l lg:col-start-1 lg:row-span-2 lg:row-start-1">
        {notice}
        {children}
      </div>
      {kept ? <div className="lg:col-start-2">{kept}</div> : null}
    </div>
  )
}

/** Ends everything in this browser, for who borrowed it. Posts to a handler, which alone can clear a site's data. */
export async function LeaveForm({ hint }: { readonly hint: string }) {
  const [t, locale] = await Promise.all([getTranslations('report'), getLocale()])
  return (
    <Details summary={t('leave')}>
      <p>{hint}</p>
      <form method="post" action={sentFrom(locale, '/api/case/end')}>
        <Button look="quiet" size="small">
          {t('leave')}
        </Button>
      </form>
    </Details>
  )
}
