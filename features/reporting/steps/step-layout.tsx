import { getLocale, getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { Button } from '#components/ui/button.tsx'
import { Details } from '#components/ui/details.tsx'
import { Steps } from '#components/ui/steps.tsx'
import { sentFrom } from '#messages/sender.ts'

/** Renders the frame of a step. It has no menu: a line shows the progress, and the form has a back button. */
export function StepLayout({
  steps,
  current,
  between,
  notice,
  aside,
  wide,
  kept,
  children,
}: {
  readonly steps: readonly string[]
  /** From 0. */
  readonly current: number
  /** Name of a page after `current` that is not a counted step. */
  readonly between?: string | undefined
  readonly notice?: ReactNode
  /** Help: after the form on a phone, beside it on a wide screen. */
  readonly aside?: ReactNode
  /** The form uses the full width, with nothing beside it. */
  readonly wide?: boolean
  readonly kept?: ReactNode
  readonly children: ReactNode
}) {
  const main = (
    <div className="stack-l min-w-0">
      <Steps
        current={current + 1}
        total={steps.length}
        name={between ?? steps[current] ?? ''}
        between={between !== undefined}
      />
      {notice}
      {children}
      {kept}
    </div>
  )
  if (wide) return <div className="task-page">{main}</div>
  return (
    <div className="task-page grid grid-cols-[minmax(0,1fr)] gap-x-16 gap-y-9 lg:grid-cols-[minmax(0,var(--container-measure))_minmax(0,24rem)] lg:justify-between">
      {main}
      <div className="stack-l min-w-0 empty:hidden">{aside}</div>
    </div>
  )
}

/**
 * Clears everything in this browser, for a borrowed device. It posts to a handler, because only a response
 * can clear a site's data.
 */
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
