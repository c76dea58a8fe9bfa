'use client'
import { type ReactNode, useContext } from 'react'
import { Details } from '../ui/details.tsx'
import { FieldError } from './field-frame.tsx'
import { FormContext, fieldId } from './form-context.ts'

/** Renders a folded form, also without a script. It is open after a refusal. */
export function FoldedForm({
  summary,
  note,
  children,
}: {
  readonly summary: string
  /** Second line of the summary, visible while folded. */
  readonly note?: string
  readonly children: ReactNode
}) {
  const { values } = useContext(FormContext)
  return (
    <Details summary={summary} note={note} look="row" prose={false} open={Object.keys(values).length > 0}>
      {children}
    </Details>
  )
}

export function ErrorPlace({ name }: { readonly name: string }) {
  const { scope } = useContext(FormContext)
  return (
    <div id={fieldId(scope, name)}>
      <FieldError name={name} />
    </div>
  )
}
