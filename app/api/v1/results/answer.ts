import Negotiator from 'negotiator'

const JSON_TYPE = 'application/json'
const CSV_TYPE = 'text/csv; charset=utf-8; header=present'

/** Whether CSV is asked for: by `Accept` (RFC 9110, 12.5.1), or by `?format=csv` where a link cannot say so. */
function wantsCsv(request: Request): boolean {
  const format = new URL(request.url).searchParams.get('format')
  if (format !== null) return format === 'csv'
  const accept = request.headers.get('accept') ?? undefined
  // Whoever takes neither gets JSON all the same: to read it is better than to be refused.
  return new Negotiator({ headers: { accept } }).mediaType([JSON_TYPE, CSV_TYPE]) === CSV_TYPE
}

/**
 * A spreadsheet takes UTF-8 for what it is by this mark alone, and Vietnamese for gibberish without it. Programs, which ask
 * by `Accept`, know it from the media type, and would take the mark for part of the first column's name.
 */
const BOM = '\ufeff'

/** Answers in the form that was asked for. A minute old is fresh: figures move by tens of answers. */
export function answer(request: Request, name: string, json: () => object, csv: () => string): Response {
  const headers = { 'cache-control': 'public, max-age=60', vary: 'accept' }
  if (!wantsCsv(request)) return Response.json(json(), { headers })
  const byLink = new URL(request.url).searchParams.has('format')
  return new Response(byLink ? `${BOM}${csv()}` : csv(), {
    headers: {
      ...headers,
      'content-type': CSV_TYPE,
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
  })
}
