import type { ListFile } from '#features/exchange/lists/data.ts'
import { isKnown } from '#http/known-answer.ts'

/**
 * Returns the answer that carries a list's file, or 304 where its carrier has the same already; the headers tell what must be
 * known of it before its first byte.
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
