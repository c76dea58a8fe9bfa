import '#server-only'

/**
 * Returns the parameters of an address. One that is given twice is a list, which no schema of ours takes for either.
 */
export function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url)
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const [only = '', ...others] = searchParams.getAll(name)
      return [name, others.length === 0 ? only : [only, ...others]]
    }),
  )
}
