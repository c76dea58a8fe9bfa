import '#server-only'

/** Returns JSON as a private download; caches must not keep it. */
export const jsonFile = (name: string, content: unknown): Response =>
  Response.json(content, {
    headers: {
      'content-disposition': `attachment; filename="${name}.json"`,
      'cache-control': 'private, no-store',
    },
  })
