'use client'
import type { ReactNode } from 'react'
import { useField } from '#components/form/form-context.ts'

/** Shows something only while a field of the form around it is at fault: what can be done about it. */
export function WhenFault({ field, children }: { readonly field: string; readonly children: ReactNode }) {
  const { error } = useField(field, false)
  return error === undefined ? null : children
}
