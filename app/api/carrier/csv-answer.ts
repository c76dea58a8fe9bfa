import type { ListFile } from '#features/exchange/lists/data.ts'
import { isKnown } from '#http/known-answer.ts'

/**
 * Returns a response with a list's file, or 304 if the carrier has it already. The headers describe the list, so that a client
 * knows it before the first byte.
 */
export async function csvAnswer(
  request: Request,
  file: ListFile,
  { name, seq, caching }: { readonly name: string; readonly seq: number; readonly caching: string },
): Promise<Response> {
  const etag = `"${file.sha256}"`
  const headers = {
    'cache-control': caching,
    etag,
    'x-list-seq': String(seq),
    'x-list-rows': String(file.rows),
    'x-list-sha256': file.sha256,
  }
  if (isKnown(request, etag)) {
    await file.body.cancel()
    return new Response(null, { status: 304, headers })
  }
  return new Response(file.body, {
    headers: {
      ...headers,
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename="${name}.csv"`,
    },
  })
}
