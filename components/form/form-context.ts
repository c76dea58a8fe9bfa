'use client'
import { createContext, useContext } from 'react'
import type { FormState } from '#lib/form-state.ts'
import { allValues, type RawForm } from '#lib/raw-form.ts'

/** The kit's own words. A server component passes them down, because the page's language decides. */
export interface FormWords {
  readonly summary: string
  readonly optional: string
  readonly pending: string
  readonly errorTitle: string
  readonly cutOff: string
}

interface FormContextValue {
  readonly values: RawForm
  readonly errors: Readonly<Record<string, string>>
  readonly names: Readonly<Record<string, string>>
  readonly words: FormWords
  readonly result?: FormState['result']
  readonly rows?: FormState['rows']
  /** Prefix of ids, for pages with several forms that have a field of the same name. */
  readonly scope: string
  /** The errors from the server's last answer, including corrected ones; a new object for each answer. */
  readonly told?: Readonly<Record<string, string>>
  /** Removes the errors of fields whose value is valid now. */
  readonly mend?: (names: readonly string[]) => void
}

export const FormContext = createContext<FormContextValue>({
  values: {},
  errors: {},
  names: {},
  words: { summary: '', optional: '', pending: '', errorTitle: '', cutOff: '' },
  scope: '',
})

export const fieldId = (scope: string, name: string): string => (scope === '' ? name : `${scope}-${name}`)

export function useField(name: string, hasHint: boolean) {
  const { values, errors, words, scope } = useContext(FormContext)
  const id = fieldId(scope, name)
  const error = errors[name]
  const described = [hasHint && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ')
  return {
    id,
    error,
    words,
    value: allValues(values, name)[0] ?? '',
    values: allValues(values, name),
    aria: {
      'aria-describedby': described === '' ? undefined : described,
      'aria-invalid': error === undefined ? undefined : true,
    },
  }
}
