import '#server-only'

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  csv: 'text/csv; charset=utf-8; header=present',
  json: 'application/json; charset=utf-8',
  pdf: 'application/pdf',
  'tlog-proof': 'text/plain; charset=utf-8',
  zip: 'application/zip',
}

/** Returns a download that neither caches nor search engines keep; `name` is ASCII, and its ending names the media type. */
export const privateFile = (name: string, body: BodyInit): Response =>
  new Response(body, {
    headers: {
      'content-type': MEDIA_TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      'content-disposition': `attachment; filename="${name}"`,
      'cache-control': 'private, no-store',
      'x-robots-tag': 'noindex',
    },
  })
