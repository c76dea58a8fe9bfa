'use client'
import { createContext, useContext } from 'react'
import type { FormState } from '#lib/form-state.ts'
import { allValues, type RawForm } from '#lib/raw-form.ts'

/** The few words the kit says by itself; the page's language decides, so a server component passes them down. */
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
  /** Prefixes ids where a page holds several forms with a field of one name. */
  readonly scope: string
  /** The faults as the server told them, mended ones included: another object with each answer. */
  readonly told?: Readonly<Record<string, string>>
  /** Takes away the faults of fields that have a right value now. */
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

/** Returns what a field needs from its form: the ids of label, hint and error, its last input, and its error. */
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
