/** What was typed, by field name; several values for a field that repeats. */
export type FormValues = Record<string, string | string[]>

/**
 * What an action answers when it did not redirect. Without JavaScript it travels through a hidden field that anybody
 * can read and edit: no secrets in it, and nothing in it is believed.
 */
export interface FormState {
  /** Everything that was typed, whole, so that the form shows it again. */
  readonly values: FormValues
  /** A sentence in the page's language for each field at fault. */
  readonly errors: Record<string, string>
  /** A sentence about the form as a whole: a refusal that belongs to no field. */
  readonly notice?: string
}

/** The shape of every form action. Success does not return: it redirects. */
export type FormAction = (previous: FormState, data: FormData) => Promise<FormState>

export const untouched: FormState = { values: {}, errors: {} }

/** Whether the state is an action's answer, which then speaks for every field, unticked boxes included. */
export const isAnswer = (state: FormState): boolean =>
  state.notice !== undefined || Object.keys(state.values).length > 0 || Object.keys(state.errors).length > 0

/** A field's values as a list: none, one or several. */
export function valuesOf(values: FormValues, name: string): readonly string[] {
  const value = values[name]
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
