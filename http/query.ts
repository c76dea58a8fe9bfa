import '#server-only'

/** Returns the query parameters. A repeated parameter is a list, which our schemas refuse. */
export function queryOf(request: Request): Record<string, string | string[]> {
  const { searchParams } = new URL(request.url)
  return Object.fromEntries(
    [...new Set(searchParams.keys())].map((name) => {
      const [only = '', ...others] = searchParams.getAll(name)
      return [name, others.length === 0 ? only : [only, ...others]]
    }),
  )
}
