'use client'
import type { ReactNode } from 'react'
import { useField } from '#components/form/form-context.ts'

/** Shows its children, a way to fix one fault, only while the field has that fault, known by its words. */
export function WhenFault({
  field,
  words,
  children,
}: {
  readonly field: string
  readonly words: string | undefined
  readonly children: ReactNode
}) {
  const { error } = useField(field, false)
  return error === undefined || error !== words ? null : children
}
