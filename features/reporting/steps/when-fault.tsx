'use client'
import type { ReactNode } from 'react'
import { useField } from '#components/form/form-context.ts'

/** Shows its children, a way to fix the fault, only while a field of the form has a fault. */
export function WhenFault({ field, children }: { readonly field: string; readonly children: ReactNode }) {
  const { error } = useField(field, false)
  return error === undefined ? null : children
}
