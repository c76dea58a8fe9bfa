/** Whether CSV is asked for: by `Accept`, or by `?format=csv` where a link cannot say so. */
const wantsCsv = (request: Request): boolean => {
  const format = new URL(request.url).searchParams.get('format')
  if (format !== null) return format === 'csv'
  const wanted = (request.headers.get('accept') ?? '').split(',').map((type) => type.split(';')[0]?.trim())
  const csv = wanted.indexOf('text/csv')
  const json = wanted.indexOf('application/json')
  return csv >= 0 && (json < 0 || csv < json)
}

/** Answers in the form that was asked for. A minute old is fresh: figures move by tens of answers. */
export function answer(request: Request, name: string, json: () => object, csv: () => string): Response {
  const headers = { 'cache-control': 'public, max-age=60', vary: 'accept' }
  if (!wantsCsv(request)) return Response.json(json(), { headers })
  return new Response(csv(), {
    headers: {
      ...headers,
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
  })
}
