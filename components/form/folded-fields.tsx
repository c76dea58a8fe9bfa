'use client'
import { type ReactNode, useContext } from 'react'
import { allValues } from '#lib/raw-form.ts'
import { FormContext } from './form-context.ts'

/** Renders a folded group of fields that few people need; works without a script. */
export function FoldedFields({
  summary,
  names,
  stored = false,
  children,
}: {
  readonly summary: string
  /** The fields inside. While one has an error or is being corrected, the group stays open. */
  readonly names: readonly string[]
  /** True where filled-in fields stay folded, because they show stored values. */
  readonly stored?: boolean
  readonly children: ReactNode
}) {
  const { values, errors, told = errors } = useContext(FormContext)
  const filled = (name: string) => !stored && (allValues(values, name)[0] ?? '') !== ''
  const open = names.some((name) => told[name] !== undefined || filled(name))
  return (
    <details className="more" open={open}>
      <summary>{summary}</summary>
      <div className="stack-l pt-2">{children}</div>
    </details>
  )
}
