import '#server-only'

/** Reads a form as strings: a field sent several times becomes a list; files and React's own fields are left out. */
export function typedForm(form: FormData): Record<string, string | string[]> {
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
