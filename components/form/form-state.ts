import type { FormState, FormValues } from '#lib/form-state.ts'

export { type FormAction, type FormState, type FormValues, NEVER_SHOWN_AGAIN } from '#lib/form-state.ts'

export const emptyFormState: FormState = { values: {}, errors: {} }

/** Tells whether the state is an action's answer, which then speaks for every field, unticked boxes included. */
export const isAnswer = (state: FormState): boolean =>
  state.notice !== undefined ||
  state.done !== undefined ||
  Object.keys(state.values).length > 0 ||
  Object.keys(state.errors).length > 0

/** Returns a field's values as a list: none, one or several. */
export function valuesOf(values: FormValues, name: string): readonly string[] {
  const value = values[name]
  if (value === undefined) return []
  return typeof value === 'string' ? [value] : value
}
