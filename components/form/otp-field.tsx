'use client'
import type { ReactNode } from 'react'
import { Field } from './field.tsx'
import { useField } from './form-context.ts'

export interface OtpFieldProps {
  readonly label: string
  readonly hint: ReactNode
  /** True when the page knows already that a code is due; otherwise the field comes with the answer that wants one. */
  readonly asked: boolean
  /** In place of the field: until when no code is needed. */
  readonly note?: ReactNode
}

/** Renders the field for the code that an act asks for, where it is due. */
export function OtpField({ label, hint, asked, note = null }: OtpFieldProps) {
  const { error } = useField('otp', true)
  if (!asked && error === undefined) return note
  return (
    <Field
      name="otp"
      label={label}
      hint={hint}
      inputMode="numeric"
      autoComplete="one-time-code"
      width="short"
      look="number"
    />
  )
}
