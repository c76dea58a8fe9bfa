import '#server-only'

/** A form as strings: a field sent several times becomes a list; files and React's own fields are left out. */
export function typedForm(form: FormData): Record<string, string | string[]> {
  const values: Record<string, string | string[]> = Object.create(null)
  for (const name of new Set(form.keys())) {
    if (name.startsWith('$')) continue
    const all = form.getAll(name).filter((value) => typeof value === 'string')
    if (all.length > 0) values[name] = all.length === 1 ? (all[0] as string) : all
  }
  return values
}
