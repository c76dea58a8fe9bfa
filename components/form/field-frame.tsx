'use client'
import type { ReactNode } from 'react'
import { useField } from './form-context.ts'

export interface FieldTexts {
  readonly name: string
  readonly label: string
  readonly hint?: ReactNode
  /** Marks the label as optional. Unmarked fields are required; only the server checks this. */
  readonly optional?: boolean
}

export function FieldError({ name }: { readonly name: string }) {
  const { id, error } = useField(name, false)
  if (error === undefined) return null
  return (
    <p className="error" id={`${id}-error`} data-error-for={name}>
      {error}
    </p>
  )
}

export function LabelText({
  label,
  optional,
}: {
  readonly label: string
  readonly optional?: boolean | undefined
}) {
  const { words } = useField('', false)
  return (
    <>
      {label}
      {optional ? (
        <>
          {' '}
          <span className="optional">({words.optional})</span>
        </>
      ) : null}
    </>
  )
}

export function FieldFrame({
  name,
  label,
  hint,
  optional,
  after,
  mended = false,
  children,
}: FieldTexts & {
  readonly after?: ReactNode
  /** True where the value differs from the refused one. */
  readonly mended?: boolean
  readonly children: ReactNode
}) {
  const field = useField(name, hint !== undefined)
  const { id } = field
  const error = mended ? undefined : field.error
  return (
    <div className="field" data-invalid={error === undefined ? undefined : ''}>
      <label htmlFor={id}>
        <LabelText label={label} optional={optional} />
      </label>
      {hint === undefined ? null : (
        <div className="hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {mended ? null : <FieldError name={name} />}
      {children}
      {after}
    </div>
  )
}

/** Renders the same frame around a group of controls: a fieldset. With `radios`, the error belongs to the group. */
export function GroupFrame({
  name,
  label,
  hint,
  optional,
  radios = false,
  children,
}: FieldTexts & { readonly radios?: boolean; readonly children: ReactNode }) {
  const { id, error, aria } = useField(name, hint !== undefined)
  return (
    <div className="field" data-invalid={error === undefined ? undefined : ''}>
      <fieldset
        id={`${id}-group`}
        aria-describedby={aria['aria-describedby']}
        {...(radios && { role: 'radiogroup', 'aria-invalid': aria['aria-invalid'] })}
      >
        <legend>
          <LabelText label={label} optional={optional} />
        </legend>
        {hint === undefined ? null : (
          <div className="hint" id={`${id}-hint`}>
            {hint}
          </div>
        )}
        <FieldError name={name} />
        {children}
      </fieldset>
    </div>
  )
}
