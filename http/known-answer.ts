import '#server-only'

/** Tells whether the asker has what this entity tag names already (If-None-Match, RFC 9110, 13.1.2). */
export const isKnown = (request: Request, etag: string): boolean =>
  (request.headers.get('if-none-match') ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag)
