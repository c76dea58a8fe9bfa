import '#server-only'

/** Returns a file of JSON for one person to keep: nothing on the way keeps it too. */
export const jsonFile = (name: string, content: unknown): Response =>
  Response.json(content, {
    headers: {
      'content-disposition': `attachment; filename="${name}.json"`,
      'cache-control': 'private, no-store',
    },
  })
