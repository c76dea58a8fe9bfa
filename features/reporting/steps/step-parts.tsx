import { getTranslations } from 'next-intl/server'
import type { ReactNode } from 'react'
import { HiddenField } from '#components/form/field.tsx'
import { SubmitButton } from '#components/form/submit-button.tsx'

export function StepHeading({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="stack">
      <h1>{title}</h1>
      {children === undefined ? null : <div className="stack text-soft">{children}</div>}
    </div>
  )
}

/** Renders the buttons. Enter presses the first one, so "next" comes first. */
export async function StepButtons({
  from,
  back = true,
  children,
}: {
  /** The page to return to after a change; without it, the next step. */
  readonly from?: string | undefined
  readonly back?: boolean
  readonly children?: ReactNode
}) {
  const t = await getTranslations('report')
  return (
    <>
      {from === undefined ? null : <HiddenField name="from" value={from} />}
      <p className="actions">
        <SubmitButton name="step" value="next">
          {t('next')}
        </SubmitButton>
        {back ? (
          <SubmitButton name="step" value="back" look="quiet">
            {t('back')}
          </SubmitButton>
        ) : null}
        {children}
      </p>
    </>
  )
}
