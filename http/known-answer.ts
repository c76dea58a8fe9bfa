import '#server-only'

/** Tells whether the client already has this entity tag (If-None-Match, RFC 9110, 13.1.2). */
export const isKnown = (request: Request, etag: string): boolean =>
  (request.headers.get('if-none-match') ?? '')
    .split(',')
    .map((tag) => tag.trim().replace(/^W\//, ''))
    .some((tag) => tag === '*' || tag === etag)
