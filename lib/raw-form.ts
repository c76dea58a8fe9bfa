/** A form's fields as they were sent; a field sent several times is a list. */
export type RawForm = Readonly<Record<string, string | readonly string[]>>

/** Reads a form's fields, without files and React's own fields. */
export function rawForm(form: FormData): RawForm {
  const values: Record<string, string | string[]> = Object.create(null)
  for (const [name, value] of form) {
    if (name.startsWith('$') || typeof value !== 'string') continue
    const before = values[name]
    if (before === undefined) values[name] = value
    else if (typeof before === 'string') values[name] = [before, value]
    else before.push(value)
  }
  return values
}

export function allValues(typed: RawForm, field: string): readonly string[] {
  const value = Object.hasOwn(typed, field) ? typed[field] : undefined
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}

/** Returns the last value of a field; '' if it was not sent. */
export const lastValue = (typed: RawForm, field: string): string => allValues(typed, field).at(-1) ?? ''
