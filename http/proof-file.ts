import '#server-only'
import { type EntryProof, writeTlogProof } from '#features/audit/proofs/rules.ts'
import { jsonFile } from './json-file.ts'

/** Returns a proof as a file for one person to keep: of ours, or by `?form=tlog-proof` of the form that others read. */
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
