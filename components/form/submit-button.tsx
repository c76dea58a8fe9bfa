'use client'
import { type ReactNode, useContext } from 'react'
import { useFormStatus } from 'react-dom'
import { FormContext } from './form-context.ts'

/** Submits its form. While the form is being sent, it says so and ignores a second press. */
export function SubmitButton({
  children,
  name,
  value,
  look = 'primary',
  size = 'normal',
  shortcut,
}: {
  readonly children: ReactNode
  /** Distinguishes this button from others, with `value`, as in `name="step" value="next"`. */
  readonly name?: string
  readonly value?: string
  readonly look?: 'primary' | 'quiet' | 'danger' | 'plain'
  readonly size?: 'normal' | 'small'
  /** The key that presses it, in the form of `aria-keyshortcuts`. */
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
