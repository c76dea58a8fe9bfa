import type { ListFile } from '#features/exchange/queries/spool.ts'

/** Returns the answer that carries a list's file; its headers tell what must be known of it before its first byte. */
export const csvAnswer = (
  file: ListFile,
  { name, seq, caching }: { readonly name: string; readonly seq: number; readonly caching: string },
): Response =>
  new Response(file.body, {
    headers: {
      'content-type': 'text/csv; charset=utf-8; header=present',
      'content-length': String(file.bytes),
      'content-disposition': `attachment; filename="${name}.csv"`,
      'cache-control': caching,
      etag: `"${file.sha256}"`,
      'x-list-seq': String(seq),
      'x-list-rows': String(file.rows),
      'x-list-sha256': file.sha256,
    },
  })
