import '#server-only'
import { type EntryProof, writeTlogProof } from '#features/audit/proofs/rules.ts'
import { jsonFile } from './json-file.ts'

/** Returns a proof as a private download, in our own JSON or with `?form=tlog-proof` in that common format. */
export function proofFile(request: Request, name: string, proof: EntryProof): Response {
  if (new URL(request.url).searchParams.get('form') !== 'tlog-proof') return jsonFile(name, proof)
  return new Response(writeTlogProof(proof), {
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'content-disposition': `attachment; filename="${name}.tlog-proof"`,
      'cache-control': 'private, no-store',
    },
  })
}
