'use client'
import { type ReactNode, useContext } from 'react'
import { FieldError } from './field-frame.tsx'
import { FormContext, fieldId } from './form-context.ts'

/** Renders a whole form, folded away, also where no script runs; once it was refused it is open. */
export function FoldedForm({
  summary,
  note,
  children,
}: {
  readonly summary: string
  /** The second line, which is read without unfolding. */
  readonly note?: string
  readonly children: ReactNode
}) {
  const { values } = useContext(FormContext)
  return (
    <details className="more" data-look="row" open={Object.keys(values).length > 0}>
      <summary>
        {note === undefined ? (
          summary
        ) : (
          <span>
            {summary}
            <span className="block text-sm font-normal text-soft">{note}</span>
          </span>
        )}
      </summary>
      <div className="stack pt-2">{children}</div>
    </details>
  )
}

/** Renders the place for an error about a thing outside the form. */
export function ErrorPlace({ name }: { readonly name: string }) {
  const { scope } = useContext(FormContext)
  return (
    <div id={fieldId(scope, name)}>
      <FieldError name={name} />
    </div>
  )
}
