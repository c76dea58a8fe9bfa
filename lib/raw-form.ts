/** A form's fields as they came: a field that was sent several times is a list. */
export type RawForm = Readonly<Record<string, string | readonly string[]>>

/** Returns all values of a field; none where there is no such field. */
export function allValues(typed: RawForm, field: string): readonly string[] {
  const value = Object.hasOwn(typed, field) ? typed[field] : undefined
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Returns the value of a field that holds one: the last, where several were sent. */
export const lastValue = (typed: RawForm, field: string): string => allValues(typed, field).at(-1) ?? ''
