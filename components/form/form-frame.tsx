'use client'
import { type ReactNode, useMemo } from 'react'
import type { FormState } from '#lib/form-state.ts'
import { ErrorSummary } from './error-summary.tsx'
import { FormContext, type FormWords } from './form-context.ts'

/** Provides the server's answer to the fields of a plain form. */
export function FormFrame({
  state,
  words,
  scope,
  children,
}: {
  readonly state: FormState
  readonly words: FormWords
  readonly scope: string
  readonly children: ReactNode
}) {
  const context = useMemo(
    () => ({ values: state.values, errors: state.errors, names: state.names ?? {}, words, scope }),
    [state, words, scope],
  )
  return (
    <FormContext value={context}>
      <ErrorSummary notice={state.notice} />
      {children}
    </FormContext>
  )
}
