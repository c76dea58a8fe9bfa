'use client'
import { type ReactNode, useContext } from 'react'
import { FormContext } from '#components/form/form-context.ts'
import { valuesOf } from '#components/form/form-state.ts'

export interface FoldedFieldsProps {
  readonly summary: string
  /** The fields inside: filled in or at fault, they are not hidden. */
  readonly names: readonly string[]
  readonly children: ReactNode
}

/** Fields that few people need, folded away without a script. */
export function FoldedFields({ summary, names, children }: FoldedFieldsProps) {
  const { values, errors } = useContext(FormContext)
  const open = names.some((name) => errors[name] !== undefined || (valuesOf(values, name)[0] ?? '') !== '')
  return (
    <details className="more" open={open}>
      <summary>{summary}</summary>
      <div className="stack-l pt-2">{children}</div>
    </details>
  )
}
