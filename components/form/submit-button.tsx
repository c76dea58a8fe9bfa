'use client'
import { type ReactNode, useContext } from 'react'
import { useFormStatus } from 'react-dom'
import { FormContext } from './form-context.ts'

/** Sends its form. While the form is on its way it says so, and a second press does nothing. */
export function SubmitButton({
  children,
  name,
  value,
  look = 'primary',
  size = 'normal',
  shortcut,
}: {
  readonly children: ReactNode
  /** The name that, with `value`, tells this button from others, as in `name="step" value="next"`. */
  readonly name?: string
  readonly value?: string
  readonly look?: 'primary' | 'quiet' | 'danger' | 'plain'
  readonly size?: 'normal' | 'small'
  /** The key that presses it, as `aria-keyshortcuts` names it. */
  readonly shortcut?: string
}) {
  const { pending, data } = useFormStatus()
  const { words } = useContext(FormContext)
  const mine = pending && (name === undefined || data?.get(name) === value)
  return (
    <button
      className="button"
      type="submit"
      name={name}
      value={value}
      data-look={look}
      data-size={size}
      aria-disabled={pending || undefined}
      aria-keyshortcuts={shortcut}
      onClick={(event) => {
        if (pending) event.preventDefault()
      }}
    >
      {mine ? words.pending : children}
    </button>
  )
}
